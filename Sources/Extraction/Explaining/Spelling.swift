/// Finds words that may have been meant by another one.
enum Spelling {
    /// The words nearest to one, at most three, the nearest first.
    ///
    /// - Parameters:
    ///   - word: What was written.
    ///   - words: What there is, with how often.
    /// - Returns: Words that at most a third of the letters tells apart, or of which one begins with the other.
    static func nearest(to word: String, among words: [String: Int]) -> [String] {
        let lowered = word.lowercased()
        let most = max(1, word.count / 3)
        let found = words.compactMap { other, count -> (word: String, distance: Int, count: Int)? in
            // Long words are made by programs; comparing them costs their product.
            guard other != word, other.count <= 80, word.count <= 80 else { return nil }
            let distance = distance(lowered, other.lowercased())
            let isPart =
                min(word.count, other.count) >= 3
                && (other.lowercased().hasPrefix(lowered) || lowered.hasPrefix(other.lowercased()))
            return distance <= most || isPart ? (other, distance, count) : nil
        }
        return found.sorted {
            ($0.distance, -$0.count, $0.word) < ($1.distance, -$1.count, $1.word)
        }.prefix(3).map(\.word)
    }

    /// How many letters must be added, taken away, changed, or swapped with their neighbours to make one word of
    /// the other.
    static func distance(_ one: String, _ other: String) -> Int {
        let (one, other) = (Array(one), Array(other))
        var (before, row) = ([Int](), Array(0...other.count))
        for (line, letter) in one.enumerated() {
            var next = [line + 1]
            for (column, otherLetter) in other.enumerated() {
                var cost = row[column] + (letter == otherLetter ? 0 : 1)
                cost = min(cost, next[column] + 1, row[column + 1] + 1)
                if line > 0, column > 0, letter == other[column - 1], one[line - 1] == otherLetter {
                    cost = min(cost, before[column - 1] + 1)
                }
                next.append(cost)
            }
            (before, row) = (row, next)
        }
        return row[other.count]
    }
}
