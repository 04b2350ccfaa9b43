import Testing

@testable import Storage

struct DoctorTests {
    @Test(arguments: [
        ("3.6.23", false), ("3.7.0", true), ("3.40.1", true), ("3.44.5", true), ("3.44.6", false),
        ("3.45.0", true), ("3.50.6", true), ("3.50.7", false), ("3.51.0", true), ("3.51.2", true),
        ("3.51.3", false), ("3.52", false), ("4.0.0", false),
    ])
    func `versions of SQLite with the fault of its log are known`(version: String, isFaulty: Bool) {
        #expect(StorageVersions.losesPages(version) == isFaulty)
    }

    @Test(
        arguments: [
            (0xEF53, "ext4", false), (0x6969, "nfs", true), (0xFF53_4D42, "cifs", true),
            (0x6573_5546, "fuse", true), (0x0102_1994, "tmpfs", false), (0x1234, "0x1234", false),
        ] as [(UInt32, String, Bool)]
    )
    func `network file systems are known by their numbers`(
        number: UInt32,
        name: String,
        isRemote: Bool
    ) {
        let kind = FileSystem.Kind(number: number)
        #expect(kind.name == name)
        #expect(kind.isRemote == isRemote)
    }

    @Test func `FAT keeps no permissions`() {
        #expect(!FileSystem.Kind(number: 0x4D44).keepsPermissions)
        #expect(FileSystem.Kind(number: 0xEF53).keepsPermissions)
    }
}
