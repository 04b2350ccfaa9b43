import Foundation
import TestSupport

/// What a folder's disk may hold after a power cut, at every moment of a trace.
///
/// The rules are those of POSIX, and no kinder: the bytes of a file are there for sure once a sync of the
/// file or its file system began after they were written and has ended; a name is once a sync of its folder
/// or the file system did. What is not sure may be there or not, each piece for itself.
struct PowerCutDisk: Sendable {
    enum Change: Sendable {
        case write(file: Int, at: Int, [UInt8])
        case truncate(file: Int, length: Int)
        /// A name in a folder begins to mean a file, or nothing.
        case name(String, file: Int?)
    }

    struct Effect: Sendable {
        let change: Change
        let start: Int
        let end: Int
        /// From when on it is there for sure.
        var sure = Int.max

        /// Whether the change is one of the database's files.
        let isDatabase: Bool
    }

    /// In the order in which they were done.
    private(set) var effects: [Effect] = []
    private let root: String
    private var files: [String: Int] = [:]
    private var paths: [Int: String] = [:]
    private var lengths: [Int: Int] = [:]
    private var filesInAll = 0

    /// The disk below a folder; what happens elsewhere is left out.
    init(_ trace: PowerCutTrace, root: String) {
        self.root = root + "/"
        for call in trace.calls { add(call) }
    }

    /// The moments at which the database changes: between two of them a cut can only lose less.
    ///
    /// A frame's head is left out, since without the page after it the log ends before it.
    var cuts: [Int] {
        effects.filter { effect in
            guard case .write(_, _, let bytes) = effect.change else { return effect.isDatabase }
            return effect.isDatabase && bytes.count > Self.frameHeadBytes
        }.map(\.start)
    }

    /// SQLite's file format, section 4.1.
    private static let frameHeadBytes = 24

    // MARK: What may be on the disk

    /// The files after a cut: what began by then may have been done, and `isThere` says of each effect that
    /// is not sure whether it was.
    func files(after cut: Int, where isThere: (Effect) -> Bool) -> [String: [UInt8]] {
        var contents: [Int: [UInt8]] = [:]
        var names: [String: Int] = [:]
        for effect in effects where effect.start <= cut && (effect.sure <= cut || isThere(effect)) {
            switch effect.change {
            case .write(let file, let offset, let bytes):
                contents[file, default: []].put(bytes, at: offset)
            case .truncate(let file, let length):
                let bytes = contents.removeValue(forKey: file) ?? []
                contents[file] = Array(bytes.prefix(length))
            case .name(let path, let file):
                names[path] = file
            }
        }
        // A file in a folder that has no name is nowhere.
        let known = names.filter { path, _ in
            Self.folders(of: path).allSatisfy { names[$0] != nil }
        }
        return known.mapValues { contents[$0] ?? [] }
    }

    /// The worst legal loss: all of the database, and of the pictures only what is sure.
    ///
    /// With `halving` the last write to the database got only half-way.
    func worst(after cut: Int, halving: Bool = false) -> [String: [UInt8]] {
        guard halving, let last = effects.lastIndex(where: { $0.isDatabase && $0.start <= cut }),
            case .write(let file, let offset, let bytes) = effects[last].change
        else { return files(after: cut) { $0.isDatabase } }
        var disk = self
        let half = Array(bytes.prefix(bytes.count / 2))
        disk.effects[last] = Effect(
            change: .write(file: file, at: offset, half),
            start: effects[last].start,
            end: effects[last].end,
            isDatabase: true
        )
        return disk.files(after: cut) { $0.isDatabase }
    }

    /// A random legal loss.
    func random(after cut: Int, using generator: inout SeededGenerator) -> [String: [UInt8]] {
        let share = Double.random(in: 0...1, using: &generator)
        return files(after: cut) { _ in .random(in: 0...1, using: &generator) < share }
    }

    private static func folders(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return parts.indices.dropFirst().map { parts[..<$0].joined(separator: "/") }
    }
}

// What each call does.
extension PowerCutDisk {
    private mutating func add(_ call: PowerCutTrace.Call) {
        let arguments = call.arguments
        switch call.name {
        case "openat": open(call)
        case "mkdir": mention(path(arguments[0]), in: call)
        case "mkdirat": mention(path(in: arguments[0], arguments[1]), in: call)
        case "write": write(call, path(of: arguments[0]), arguments[1], at: nil)
        case "pwrite64": write(call, path(of: arguments[0]), arguments[1], at: Int(arguments[3]))
        case "ftruncate":
            guard let file = file(path(of: arguments[0]), in: call) else { return }
            truncate(file, to: Int(arguments[1]) ?? 0, in: call)
        case "renameat2":
            rename(
                path(in: arguments[0], arguments[1]),
                path(in: arguments[2], arguments[3]),
                isExchange: arguments[4].contains("RENAME_EXCHANGE"),
                in: call
            )
        case "unlink": name(path(arguments[0]), nil, in: call)
        case "unlinkat": name(path(in: arguments[0], arguments[1]), nil, in: call)
        case "fsync", "fdatasync":
            guard let path = path(of: arguments[0]) else { return }
            let file = files[path]
            settle(call) { change in
                switch change {
                case .write(let changed, _, _), .truncate(let changed, _): changed == file
                case .name(let name, _): Self.folder(of: name) == path
                }
            }
        case "syncfs":
            guard path(of: arguments[0]) != nil else { return }
            settle(call) { _ in true }
        default:
            preconditionFailure("the model of a disk knows no \(call.name)")
        }
    }

    private mutating func open(_ call: PowerCutTrace.Call) {
        guard call.arguments[2].contains("O_CREAT") || call.arguments[2].contains("O_TRUNC"),
            let path = path(in: call.arguments[0], call.arguments[1])
        else { return }
        let isNew = files[path] == nil
        guard let file = file(path, in: call), !isNew, call.arguments[2].contains("O_TRUNC")
        else { return }
        truncate(file, to: 0, in: call)
    }

    private mutating func write(
        _ call: PowerCutTrace.Call,
        _ path: String?,
        _ text: Substring,
        at offset: Int?
    ) {
        guard let file = file(path, in: call) else { return }
        let bytes = PowerCutTrace.bytes(text)
        let start = offset ?? lengths[file] ?? 0
        lengths[file] = max(lengths[file] ?? 0, start + bytes.count)
        add(.write(file: file, at: start, bytes), to: file, in: call)
    }

    private mutating func truncate(_ file: Int, to length: Int, in call: PowerCutTrace.Call) {
        lengths[file] = min(lengths[file] ?? 0, length)
        add(.truncate(file: file, length: length), to: file, in: call)
    }

    private mutating func rename(
        _ old: String?,
        _ new: String?,
        isExchange: Bool,
        in call: PowerCutTrace.Call
    ) {
        guard let old, let new, let file = files[old] else { return }
        let other = isExchange ? files[new] : nil
        name(new, file, in: call)
        name(old, other, in: call)
    }

    private mutating func mention(_ path: String?, in call: PowerCutTrace.Call) {
        _ = file(path, in: call)
    }

    /// The file at a path, made by this call if it is new.
    private mutating func file(_ path: String?, in call: PowerCutTrace.Call) -> Int? {
        guard let path, !path.isEmpty else { return nil }
        if let file = files[path] { return file }
        filesInAll += 1
        name(path, filesInAll, in: call)
        return filesInAll
    }

    private mutating func name(_ path: String?, _ file: Int?, in call: PowerCutTrace.Call) {
        guard let path else { return }
        files[path] = file
        if let file { paths[file] = path }
        effects.append(
            Effect(
                change: .name(path, file: file),
                start: call.start,
                end: call.end,
                isDatabase: Self.isDatabase(path)
            )
        )
    }

    private mutating func add(_ change: Change, to file: Int, in call: PowerCutTrace.Call) {
        effects.append(
            Effect(
                change: change,
                start: call.start,
                end: call.end,
                isDatabase: Self.isDatabase(paths[file] ?? "")
            )
        )
    }

    /// A sync has ended: what it covers and was done before it began is there for sure.
    private mutating func settle(_ call: PowerCutTrace.Call, _ covers: (Change) -> Bool) {
        for index in effects.indices
        where effects[index].end < call.start && covers(effects[index].change) {
            effects[index].sure = min(effects[index].sure, call.end)
        }
    }

    private static func isDatabase(_ path: String) -> Bool {
        path.hasPrefix("magpie.db") && !path.hasSuffix("-shm")
    }

    private static func folder(of path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// Relative to the root, empty for the root itself; `nil` if it is elsewhere.
    private func relative(_ path: String) -> String? {
        if path + "/" == root { return "" }
        return path.hasPrefix(root) ? String(path.dropFirst(root.count)) : nil
    }

    private func path(of file: Substring) -> String? { relative(PowerCutTrace.text(file)) }

    private func path(_ text: Substring) -> String? { relative(PowerCutTrace.text(text)) }

    private func path(in folder: Substring, _ name: Substring) -> String? {
        let name = PowerCutTrace.text(name)
        return relative(name.hasPrefix("/") ? name : "\(PowerCutTrace.text(folder))/\(name)")
    }
}

extension [UInt8] {
    fileprivate mutating func put(_ bytes: [UInt8], at offset: Int) {
        if count < offset + bytes.count {
            append(contentsOf: [UInt8](repeating: 0, count: offset + bytes.count - count))
        }
        withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes {
                guard let source = $0.baseAddress, let base = target.baseAddress else { return }
                (base + offset).copyMemory(from: source, byteCount: bytes.count)
            }
        }
    }
}
