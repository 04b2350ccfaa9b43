/// First in, first out, in constant time at both ends; grows as needed, and gives memory back when empty.
struct RingBuffer<Element> {
    private var slots: [Element?] = []
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) {
        if count == slots.count { grow() }
        slots[(head + count) & (slots.count - 1)] = element
        count += 1
    }

    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head].take()
        head = (head + 1) & (slots.count - 1)
        count -= 1
        if count == 0, slots.count > Self.keptSlots { self = Self() }
        return element
    }

    /// Takes the first element that fits out of the middle; the others keep their order.
    mutating func removeFirst(where fits: (Element) -> Bool) -> Element? {
        var found: Element?
        for _ in 0..<count {
            guard let element = popFirst() else { break }
            if found == nil, fits(element) { found = element } else { append(element) }
        }
        return found
    }

    private static var keptSlots: Int { 1024 }

    /// Doubles the slots, so that their number stays a power of two.
    private mutating func grow() {
        var larger = [Element?](repeating: nil, count: max(8, slots.count * 2))
        for offset in 0..<count {
            larger[offset] = slots[(head + offset) & (slots.count - 1)].take()
        }
        slots = larger
        head = 0
    }
}
