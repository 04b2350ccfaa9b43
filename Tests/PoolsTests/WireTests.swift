import Foundation
import TestSupport
import Testing

@testable import Pools

struct WireTests {
    @Test func `values of every shape come back as they went`() throws {
        try check(Int.min)
        try check(UInt64.max)
        try check(Int8(-128))
        try check(UInt8(255))
        try check(Float.leastNonzeroMagnitude)
        try check(-Double.infinity)
        try check(true)
        try check("")
        try check("Bär 🐻\0")
        try check([UInt8](0...255))
        try check([Int]())
        try check([[1, 2], [], [3]])
        try check(Optional<Int>.none)
        try check([1, nil, 3])
        try check(["a": [1: true], "b": [:]])
        try check(Set(["x", "y"]))
        try check(Data([1, 2, 3]))
        try check(Date(timeIntervalSince1970: 1.5))
        try check(URL(string: "https://example.org/ä"))
        try check(Decimal(string: "1.50"))
        try check(UUID())
    }

    @Test func `structures, enumerations and classes come back as they went`() throws {
        try check(Tree(name: "root", children: [Tree(name: "leaf", children: [])]))
        try check([Shape.point, .circle(radius: 2), .box(1, 2), .named(nil), .named("x")])
        try check(Raw.second)
        try check(Wrapped(value: 7))
        let child = Child(base: 1, own: "two")
        let copy: Child = try roundTrip(child)
        #expect(copy.base == 1 && copy.own == "two")
        try check(Interleaved(left: [1, 2], right: [3]))
    }

    @Test func `a value of another type is an error`() throws {
        let writer = WireWriter()
        try WireEncoder.write(Tree(name: "root", children: []), to: writer)
        for bytes in [writer.bytes, []] {
            var reader = WireReader(bytes[...])
            #expect(throws: (any Error).self) { try WireDecoder.read([Int].self, from: &reader) }
        }
        let number = WireWriter()
        try WireEncoder.write(300, to: number)
        var reader = WireReader(number.bytes[...])
        #expect(throws: DecodingError.self) { try WireDecoder.read(UInt8.self, from: &reader) }
    }

    /// A worker may be corrupted by what it worked on; its pool must not be.
    @Test func `broken messages are errors and never crash`() throws {
        var generator = SeededGenerator(for: "broken messages are errors and never crash")
        let writer = WireWriter()
        let value = [
            Tree(name: "root", children: [Tree(name: "leaf", children: [])]),
            Tree(name: "another", children: []),
        ]
        try WireEncoder.write(value, to: writer)
        for length in 0..<writer.bytes.count {
            var reader = WireReader(writer.bytes[..<length])
            #expect(throws: (any Error).self) { try WireDecoder.read([Tree].self, from: &reader) }
        }
        for _ in 0..<5000 {
            var bytes = writer.bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                    in: 0...255,
                    using: &generator
                )
            }
            var reader = WireReader(bytes[...])
            _ = try? WireDecoder.read([Tree].self, from: &reader)
        }
    }

    @Test func `values that lie too deep in one another are refused`() throws {
        let deep = (0..<600).reduce(Tree(name: "leaf", children: [])) { tree, _ in
            Tree(name: "node", children: [tree])
        }
        let writer = WireWriter()
        try WireEncoder.write(deep, to: writer)
        var reader = WireReader(writer.bytes[...])
        #expect(throws: WireError.tooDeep) { try WireDecoder.read(Tree.self, from: &reader) }
    }

    private func check<Value: Codable & Equatable>(_ value: Value) throws {
        #expect(try roundTrip(value) == value)
        #expect(try roundTrip([value, value]) == [value, value])
    }

    private func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
        let writer = WireWriter()
        try WireEncoder.write(value, to: writer)
        writer.byte(42)
        var reader = WireReader(writer.bytes[...])
        let copy: Value = try WireDecoder.read(from: &reader)
        // Exactly the value was read, and what follows it is still there.
        #expect(try WireDecoder.read(UInt8.self, from: &reader) == 42)
        #expect(reader.isAtEnd)
        return copy
    }
}

private struct Tree: Codable, Equatable {
    var name: String
    var children: [Tree]
}

private enum Shape: Codable, Equatable {
    case point
    case circle(radius: Double)
    case box(Int, Int)
    case named(String?)
}

private enum Raw: Int16, Codable { case first, second }

private struct Wrapped: Codable, Equatable {
    let value: Int

    init(value: Int) { self.value = value }

    init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Int.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

private class Parent: Codable {
    let base: Int

    init(base: Int) { self.base = base }
}

private final class Child: Parent {
    let own: String

    private enum Key: CodingKey { case own }

    init(base: Int, own: String) {
        self.own = own
        super.init(base: base)
    }

    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        own = try container.decode(String.self, forKey: .own)
        try super.init(from: container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try super.encode(to: container.superEncoder())
        try container.encode(own, forKey: .own)
    }
}

/// Writes to two nested containers by turns.
private struct Interleaved: Codable, Equatable {
    var left: [Int]
    var right: [Int]

    private enum Key: CodingKey { case left, right, end }

    init(left: [Int], right: [Int]) {
        self.left = left
        self.right = right
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        left = try container.decode([Int].self, forKey: .left)
        right = try container.decode([Int].self, forKey: .right)
        guard try container.decode(Bool.self, forKey: .end) else { throw WireError.malformed }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        var leftContainer = container.nestedUnkeyedContainer(forKey: .left)
        var rightContainer = container.nestedUnkeyedContainer(forKey: .right)
        var rest = (left[...], right[...])
        while !rest.0.isEmpty || !rest.1.isEmpty {
            if let number = rest.0.popFirst() { try leftContainer.encode(number) }
            if let number = rest.1.popFirst() { try rightContainer.encode(number) }
        }
        try container.encode(true, forKey: .end)
    }
}
