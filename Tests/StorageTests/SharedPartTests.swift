import CrawlModel
import Foundation
import Storage
import TestSupport
import Testing

struct SharedPartTests {
    private let temporary = TemporaryFolder()

    private var folder: CrawlFolder { CrawlFolder(temporary.path) }

    private func write(_ text: String, to name: String) throws {
        let path = "\(temporary.path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    @Test func `a part that is another name of a picture's file is never gone on with`() throws {
        try folder.create()
        try write("a whole picture", to: "cat.jpg")
        let parts = "\(temporary.path)/.magpie/parts"
        try FileManager.default.linkItem(
            atPath: "\(temporary.path)/cat.jpg",
            toPath: "\(parts)/1.part"
        )
        try write("the beginning of one", to: ".magpie/parts/2.part")
        // What a power cut may bring back.
        let origin = """
            {"asked":"http://a.test/1.jpg","answered":"http://a.test/1.jpg","validator":"\\"1\\""}
            """
        for id in [1, 2] { try write(origin, to: ".magpie/parts/\(id).origin") }
        let vault = try Vault(folder, isDurable: false)
        #expect(!vault.hasBegunPart(1))
        #expect(vault.hasBegunPart(2))
        let names = try FileManager.default.contentsOfDirectory(atPath: parts)
        #expect(Set(names) == ["2.part", "2.origin"])
        let bytes = FileManager.default.contents(atPath: "\(temporary.path)/cat.jpg")
        #expect(bytes == Data("a whole picture".utf8))
    }

    @Test func `a whole part that was no good is forgotten when it is begun anew`() throws {
        try folder.create()
        let parts = "\(temporary.path)/.magpie/parts"
        try write("bytes that rotted", to: ".magpie/parts/1.part")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644],
            ofItemAtPath: "\(parts)/1.part"
        )
        let vault = try Vault(folder, isDurable: false)
        let task = ImageTask(
            id: 1,
            address: try WebAddress("http://a.test/1.jpg"),
            path: ImagePath(folder: "", stem: "cat", extensionName: ".jpg"),
            tries: 0,
            attempts: 0
        )
        #expect(vault.present([task]) == [1])
        let part = vault.part(for: task)
        try Array("new bytes".utf8).withUnsafeBytes { try part.append($0) }
        _ = try part.finish()
        part.discard()
        #expect(vault.present([task]) == [])
    }
}
