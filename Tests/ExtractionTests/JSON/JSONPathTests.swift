import CrawlModel
@testable import Extraction
import Testing

/// Queries with what RFC 9535 says they find.
struct JSONPathTests {
    /// A query, a document, and the values found, each as its text in the document.
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let json: String
        let found: [String]

        var testDescription: String { path }

        init(_ path: String, _ json: String, _ found: String...) {
            self.path = path
            self.json = json
            self.found = found
        }
    }

    static let array = #"[10, 11, 12, 13, 14, 15, 16]"#
    static let cats = #"""
        {"cats": [{"name": "Ann", "age": 3, "tags": ["red", "old"], "id": 9007199254740993},
        {"name": "Bob", "age": 7, "tags": [], "good": true, "owner": {"name": "Ann"}},
        {"name": "čat", "age": 7.0, "tags": null, "good": false},
        {"age": "7", "tags": ["red"], "good": null}], "best": "Bob", "limit": 5, "a b": {"c.d": 1, "": 2}}
        """#

    static let steps: [Case] = [
        .init("$", "[1]", "[1]"), .init("$", "7", "7"), .init("$", #""x""#, "x"),
        .init("$.best", cats, "Bob"), .init("$['best']", cats, "Bob"),
        .init(#"$["best"]"#, cats, "Bob"), .init("$ .best", cats, "Bob"),
        .init("$\n['best']", cats, "Bob"), .init("$[ 'best' ]", cats, "Bob"),
        .init("$.none", cats), .init("$.best.x", cats), .init("$.best[0]", cats),
        .init("$.cats[0].name", cats, "Ann"), .init("$.cats[-1].age", cats, "7"),
        .init("$.cats[9].name", cats), .init("$.cats[-9].name", cats), .init("$.cats['0']", cats),
        .init("$['a b']['c.d']", cats, "1"), .init("$['a b']['']", cats, "2"),
        .init("$.cats[0].id", cats, "9007199254740993"),
        .init("$.cats[*].name", cats, "Ann", "Bob", "čat"),
        .init("$.cats.*.name", cats, "Ann", "Bob", "čat"),
        .init("$.cats[1].owner.*", cats, "Ann"), .init("$.*", "[1, [2], {}]", "1", "[2]", "{}"),
        .init("$.*", "7"), .init("$[*]", "{}"), .init("$[*]", #"{"a": 1, "b": null}"#, "1", "null"),
        .init("$['best', 'limit']", cats, "Bob", "5"), .init("$['limit', 'limit']", cats, "5", "5"),
        .init("$[0, 0, 2:4, -1]", array, "10", "10", "12", "13", "16"),
        .init("$[0, *]", "[1, 2]", "1", "1", "2"), .init("$.ä", #"{"ä": 1}"#, "1"),
        .init("$.☺", #"{"☺": 1}"#, "1"), .init("$._a1", #"{"_a1": 1}"#, "1"),
        .init("$.true", #"{"true": 1}"#, "1"), .init("$.a", #"{"a": 1, "a": 2}"#, "2"),
        .init("$.*", #"{"a": 1, "a": 2}"#, "1", "2"), .init("$.a", #"{"\u0061": 1}"#, "1"),
    ]

    static let slices: [Case] = [
        .init("$[1:3]", array, "11", "12"), .init("$[5:]", array, "15", "16"),
        .init("$[:2]", array, "10", "11"), .init("$[1:6:2]", array, "11", "13", "15"),
        .init("$[::3]", array, "10", "13", "16"), .init("$[-2:]", array, "15", "16"),
        .init("$[:-5]", array, "10", "11"), .init("$[5:1:-2]", array, "15", "13"),
        .init("$[::-3]", array, "16", "13", "10"), .init("$[1:3:0]", array),
        .init("$[3:1]", array), .init("$[1:3:-1]", array), .init("$[0:100]", "[1, 2]", "1", "2"),
        .init("$[-100:1]", "[1, 2]", "1"), .init("$[100:-100:-1]", "[1, 2]", "2", "1"),
        .init("$[ 1 : 3 : 1 ]", array, "11", "12"), .init("$[:]", "[1]", "1"),
        .init("$[1:3]", #"{"1": 2}"#), .init("$[0:2]", #""text""#),
        .init("$[9007199254740991]", array), .init("$[-9007199254740991:2]", array, "10", "11"),
    ]

    static let descendants: [Case] = [
        .init("$..name", cats, "Ann", "Bob", "Ann", "čat"),
        .init("$..['name', 'best']", cats, "Bob", "Ann", "Bob", "Ann", "čat"),
        .init("$..[0]", "[[1, 2], [3]]", "[1, 2]", "1", "3"),
        .init("$..*", "[1, [2]]", "1", "[2]", "2"),
        .init("$..*", "7"), .init("$..a..b", #"{"a": {"a": {"b": 1}, "b": 2}}"#, "2", "1", "1"),
        .init("$..[?@ == 2]", "[1, [2]]", "2"),
        .init("$.cats..name", cats, "Ann", "Bob", "Ann", "čat"),
        .init("$..a", #"{"a": [{"a": 1}]}"#, #"[{"a": 1}]"#, "1"),
    ]

    static let filters: [Case] = [
        .init("$.cats[?@.good].age", cats, "7", "7.0", "7"),
        .init("$.cats[?!@.good].age", cats, "3"),
        .init("$.cats[?@.good == true].name", cats, "Bob"),
        .init("$.cats[?@.good == null].age", cats, "7"),
        .init("$.cats[?@.age == 7].name", cats, "Bob", "čat"),
        .init("$.cats[?@.age == '7'].age", cats, "7"),
        .init("$.cats[?@.age != 7].age", cats, "3", "7"),
        .init("$.cats[?@.age > 3].name", cats, "Bob", "čat"),
        .init("$.cats[?@.age >= 3].age", cats, "3", "7", "7.0"),
        .init("$.cats[?@.age < $.limit].name", cats, "Ann"),
        .init("$.cats[?@.age <= 3].name", cats, "Ann"),
        .init("$.cats[?@.name == $.best].age", cats, "7"),
        .init("$.cats[?@.none == @.missing].age", cats, "3", "7", "7.0", "7"),
        .init("$.cats[?@.none != 1].age", cats, "3", "7", "7.0", "7"),
        .init("$.cats[?@.none == null].age", cats),
        .init("$.cats[?@.none < 1].age", cats), .init("$.cats[?@.name < 'B'].name", cats, "Ann"),
        .init("$.cats[?@.name >= 'Bob'].name", cats, "Bob", "čat"),
        .init("$.cats[?@.tags == null].name", cats, "čat"),
        .init("$.cats[?@.owner.name == 'Ann'].name", cats, "Bob"),
        .init("$.cats[?@.tags[0] == 'red'].age", cats, "3", "7"),
        .init("$.cats[?@.tags[?@ == 'old']].name", cats, "Ann"),
        .init("$.cats[?@.tags[*]].age", cats, "3", "7"),
        .init("$.cats[?@..name].age", cats, "3", "7", "7.0"),
        .init("$.cats[?@.age == 3 || @.good == false].name", cats, "Ann", "čat"),
        .init("$.cats[?@.good && @.owner].name", cats, "Bob"),
        .init("$.cats[?@.age == 3 || @.good && @.owner].name", cats, "Ann", "Bob"),
        .init("$.cats[?(@.age == 3 || @.good) && @.owner].name", cats, "Bob"),
        .init("$.cats[?!(@.age == 7)].age", cats, "3", "7"),
        .init("$.cats[? @.age  ==  3 ].name", cats, "Ann"),
        .init("$[?@ > 14]", array, "15", "16"), .init("$[?@ == 1.1e1]", array, "11"),
        .init("$[?@ == -0]", "[0, 1]", "0"),
        .init(
            "$[?@ == 9007199254740993]",
            "[9007199254740992, 9007199254740993]",
            "9007199254740993"
        ),
        .init(
            "$[?@ < 123456789012345678901]",
            "[123456789012345678900, 123456789012345678902]",
            "123456789012345678900"
        ),
        .init(
            "$[?@ < -9007199254740993]",
            "[-9007199254740994, -9007199254740993, 1]",
            "-9007199254740994"
        ),
        .init(
            "$[?@.a == @.b].n",
            #"[{"a": [1, {"x": 2}], "b": [1.0, {"x": 2}], "n": 1}, {"a": [1], "b": [2], "n": 2}]"#,
            "1"
        ),
        .init(
            "$[?@.a == @.b].n",
            #"[{"a": {"x": 1, "y": 2}, "b": {"y": 2, "x": 1}, "n": 1}, {"a": {"x": 1}, "b": {"z": 1}, "n": 2}]"#,
            "1"
        ),
        .init(
            "$[?@.a == @.b].n",
            #"[{"a": [], "b": {}, "n": 1}, {"a": [], "b": [], "n": 2}]"#,
            "2"
        ),
        .init("$[?@ == 'a\\'b']", #"["a'b"]"#, "a'b"), .init(#"$[?@ == "é"]"#, #"["é"]"#, "é"),
        .init(#"$[?@ == "\u00e9"]"#, #"["é"]"#, "é"),
        .init(#"$[?@ == "\ud83d\ude00"]"#, #"["😀"]"#, "😀"),
        .init("$[?@ == true]", #"[true, "true", 1]"#, "true"),
        .init("$[?@.a]", #"{"x": {"a": 0}, "y": {}}"#, #"{"a": 0}"#),
        .init("$[?@.a, 0]", #"[{"a": 1}]"#, #"{"a": 1}"#, #"{"a": 1}"#),
        .init("$[?$.b == 1]", #"{"a": 2, "b": 1}"#, "2", "1"),
        .init("$[?@[0] == 'a']", #"[["a"], ["b"], "a"]"#, #"["a"]"#),
    ]

    static let functions: [Case] = [
        .init("$.cats[?length(@.tags) == 2].name", cats, "Ann"),
        .init("$.cats[?length(@.name) == 3].name", cats, "Ann", "Bob", "čat"),
        .init("$.cats[?length(@.owner) == 1].name", cats, "Bob"),
        .init("$.cats[?length(@.age) == 1].age", cats, "7"),
        .init("$[?length(@) == 1]", #"["é", "😀", "ab", 1]"#, "é", "😀"),
        .init("$.cats[?count(@.tags[*]) > 0].age", cats, "3", "7"),
        .init("$.cats[?count(@..name) == 2].name", cats, "Bob"),
        .init("$.cats[?count(@.none) == 0].age", cats, "3", "7", "7.0", "7"),
        .init("$.cats[?value(@..name) == 'Ann'].age", cats, "3"),
        .init("$.cats[?match(@.name, 'A.*')].name", cats, "Ann"),
        .init("$.cats[?match(@.name, 'n')].name", cats),
        .init("$.cats[?search(@.name, 'n')].name", cats, "Ann"),
        .init("$.cats[?!search(@.name, 'n')].age", cats, "7", "7.0", "7"),
        .init("$[?match(@, 'a.b')]", #"["axb", "a\nb", "a\rb", "a.b"]"#, "axb", "a.b"),
        .init("$[?match(@, '[a.]b')]", #"[".b", "xb"]"#, ".b"),
        .init(#"$[?match(@, 'a\\.b')]"#, #"["a.b", "axb"]"#, "a.b"),
        .init("$[?match(@, 'a|b')]", #"["a", "b", "ab"]"#, "a", "b"),
        .init(#"$[?search(@, '\\p{Lu}')]"#, #"["Éa", "éa"]"#, "Éa"),
        .init(
            "$[?match(@.a, @.b)].a",
            #"[{"a": "xy", "b": "x."}, {"a": "xy", "b": "("}, {"a": "xy", "b": 1}]"#,
            "xy"
        ),
        .init("$[?match(@, 1)]", #"["1"]"#), .init("$[?search(@.a, 'x')]", #"[{"a": 1}]"#),
        .init("$[?length( @ ) == 2]", #"["ab"]"#, "ab"),
        .init("$[?length(value(@..a)) == 2]", #"[{"a": "xy"}]"#, #"{"a": "xy"}"#),
        .init("$[?length('abc') == 3]", "[1]", "1"),
        .init("$[?match(@, 'ab') || @ == 1]", #"["ab", 1]"#, "ab", "1"),
    ]

    @Test(arguments: steps + slices + descendants + filters + functions)
    func `a query finds what its standard says`(test: Case) throws {
        let path = try JSONPathParser.path(test.path, isInItem: false)
        let bytes = Array(test.json.utf8)
        let found = try bytes.withUnsafeBufferPointer { text in
            try JSONDocument.parse(text) { document throws(ExtractionError) in
                let search = JSONPathSearch(document)
                let places = (try? search.places(of: path, from: JSONDocument.root)) ?? []
                return places.map { place in
                    document.text(place) ?? String(decoding: document.raw(place), as: UTF8.self)
                }
            }
        }
        #expect(found == test.found)
    }

    @Test func `there are at least 100 cases`() {
        let all = Self.steps + Self.slices + Self.descendants + Self.filters + Self.functions
        #expect(Set(all.map { $0.path + $0.json }).count >= 120)
    }

    @Test(
        arguments: [
            ("", 0), ("name", 0), (" $", 0), ("$ ", 1), ("$.", 2), ("$.1", 2), ("$..", 3),
            ("$.a-b", 3), ("$...a", 3),
            ("$. a", 2), ("$[", 2), ("$[]", 2), ("$[0", 3), ("$['a]", 2), ("$[a]", 2), ("$[01]", 2),
            ("$[-0]", 2), ("$[1.5]", 3), ("$[9007199254740992]", 2), ("$[1:2:3:4]", 7),
            ("$[0,]", 4), (#"$["\x"]"#, 3),
            (#"$["\ud800"]"#, 3), (#"$['\"']"#, 3), ("$['\u{1}']", 2), ("$[?]", 3),
            ("$[?@.a ==]", 9),
            ("$[?1]", 3), ("$[?true]", 3), ("$[?@.a == @.*]", 10), ("$[?@..a == 1]", 3),
            ("$[?@.a & @.b]", 7),
            ("$[?@.a == 01]", 10), ("$[?@.a == 1.]", 10), ("$[?@.a == -]", 10), ("$[?(@.a]", 7),
            ("$[?!1]", 3),
            ("$[?!@.a == 1]", 3), ("$[?length(@.*) == 1]", 10), ("$[?length(@.a)]", 3),
            ("$[?count(1) == 1]", 9),
            ("$[?match(@.a, 'b') == true]", 3), ("$[?match(@.a)]", 3), ("$[?match(@.a, '(')]", 14),
            ("$[?size(@.a) == 1]", 3), ("$[?length (@.a) == 1]", 3), ("$[?@.a == TRUE]", 10),
            ("$[?@.a = 1]", 7),
            ("$.a.b c", 5), ("$$", 1), ("$[?@.a == 'b]", 10), ("$[?length(@.a == 1]", 14),
            ("$[?null]", 3),
        ] as [(String, Int)]
    )
    func `a query that is none says where it goes wrong`(path: String, offset: Int) {
        let error = #expect(throws: ExpressionProblem.self) {
            try JSONPathParser.path(path, isInItem: false)
        }
        #expect(error?.offset == offset, "\(error?.problem.what ?? "")")
        #expect(error?.problem.cure.isEmpty == false)
    }

    @Test func `only in an item a query may start at it`() throws {
        #expect(try JSONPathParser.path("@.a", isInItem: true).isRelative)
        #expect(throws: ExpressionProblem.self) { try JSONPathParser.path("@.a", isInItem: false) }
    }

    @Test(arguments: ["(", "!(", "[?@"])
    func `a query that nests without end is refused`(part: String) {
        let path = "$[?" + String(repeating: part, count: 100_000)
        #expect(throws: ExpressionProblem.self) { try JSONPathParser.path(path, isInItem: false) }
    }

    @Test(arguments: ["$..*..*..*", "$..[?$..[?@ == 1]]", "$..[?@ == $]"])
    func `a query that is too much work ends early`(text: String) throws {
        let json = "[" + String(repeating: "[[0]],", count: 5000) + "0]"
        let path = try JSONPathParser.path(text, isInItem: false)
        try Array(json.utf8).withUnsafeBufferPointer { text in
            try JSONDocument.parse(text) { document throws(ExtractionError) in
                // The bound is for all queries of a page together.
                let search = JSONPathSearch(document)
                #expect(throws: JSONPathSearch.TooMuchWork.self) {
                    for _ in 0..<1000 { _ = try search.places(of: path, from: JSONDocument.root) }
                }
            }
        }
    }
}
