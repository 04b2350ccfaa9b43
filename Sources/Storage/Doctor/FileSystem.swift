import CSystem

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The file system that a folder is on.
package struct FileSystem: Equatable, Sendable {
    /// Its name, such as `ext4`; a number in hexadecimal if it is not known.
    package let name: String
    /// Whether it is, or may be, on another machine.
    package let isRemote: Bool
    /// Whether it keeps the permissions of files.
    package let keepsPermissions: Bool
    /// Bytes that this user may still write.
    package let freeBytes: Int
    /// Bytes that it has in all.
    package let allBytes: Int

    /// Asks the system about a folder.
    ///
    /// - Throws: `StoreError` if there is no such folder.
    package init(of folder: CrawlFolder) throws(StoreError) {
        var number: UInt32 = 0
        var (free, all): (UInt64, UInt64) = (0, 0)
        var text = [CChar](repeating: 0, count: 16)
        guard magpie_file_system(folder.path, &number, &text, &free, &all) == 0 else {
            throw .system("statfs", folder.path, errno)
        }
        freeBytes = Int(clamping: free)
        allBytes = Int(clamping: all)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let kind =
            bytes.isEmpty
            ? Kind(number: number) : Kind(name: String(decoding: bytes, as: UTF8.self))
        name = kind.name
        isRemote = kind.isRemote
        keepsPermissions = kind.keepsPermissions
    }

    /// What is known of a kind of file system.
    struct Kind: Equatable {
        let name: String
        var isRemote: Bool {
            [
                "nfs", "smb", "cifs", "smb2", "smbfs", "9p", "afs", "afpfs", "webdav", "ceph",
                "coda",
                "fuse", "gfs2", "lustre", "ocfs2",
            ].contains(name)
        }
        var keepsPermissions: Bool { !["vfat", "exfat", "msdos", "ntfs"].contains(name) }

        init(name: String) { self.name = name }

        /// The kind with this number in Linux (statfs(2), and include/uapi/linux/magic.h).
        init(number: UInt32) {
            name = Self.names[number] ?? "0x" + String(number, radix: 16)
        }

        private static let names: [UInt32: String] = [
            0xEF53: "ext4", 0x5846_5342: "xfs", 0x9123_683E: "btrfs", 0x2FC1_2FC1: "zfs",
            0xF2F5_2010: "f2fs", 0xCA45_1A4E: "bcachefs", 0x0102_1994: "tmpfs",
            0x794C_7630: "overlay", 0x4D44: "vfat", 0x2011_BAB0: "exfat", 0x7366_746E: "ntfs",
            0x6969: "nfs", 0x517B: "smb", 0xFF53_4D42: "cifs", 0xFE53_4D42: "smb2",
            0x0102_1997: "9p", 0x5346_414F: "afs", 0x00C3_6400: "ceph", 0x7375_7245: "coda",
            0x6573_5546: "fuse", 0x0116_1970: "gfs2", 0x0BD0_0BD0: "lustre",
            0x7461_636F: "ocfs2",
        ]
    }
}

extension FileSystem {
    /// What is kept free unless the user says otherwise: room for the database to write down what is in
    /// flight, whose log is cut to 64 MiB, and for whoever else needs the disk; on a small one a twentieth.
    private static let keptFree = 64_000_000

    /// Refuses to go on where too little is free.
    ///
    /// - Parameters:
    ///   - folder: The crawl folder.
    ///   - floor: What is to stay free, in bytes; `nil` for the default.
    /// - Throws: `StoreError.diskLow`.
    package static func requireRoom(
        in folder: CrawlFolder,
        keeping floor: Int?
    ) throws(StoreError) {
        if floor == 0 { return }
        let system = try FileSystem(of: folder)
        let floor = floor ?? min(keptFree, system.allBytes / 20)
        guard system.freeBytes < floor else { return }
        throw .diskLow(folder.path, free: system.freeBytes, floor: floor)
    }
}
