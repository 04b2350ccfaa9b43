import Testing

@testable import SampleSite

struct PictureTests {
    @Test(arguments: [
        (Picture.Format.jpeg, 927_157_941 as UInt32), (.png, 1_470_061_114), (.gif, 3_418_402_011),
        (.webp, 2_580_146_177),
    ])
    func `a picture has the same bytes everywhere`(format: Picture.Format, crc: UInt32) {
        let picture = Picture(format, number: 0x0123_4567_89AB_CDEF, minimumBytes: 700)
        #expect(Checksum.crc32(picture.bytes) == crc)
    }

    @Test(arguments: Picture.Format.allCases)
    func `two numbers never give the same bytes`(format: Picture.Format) {
        // The second pair differs in none of the bits that make the colour.
        let numbers: [UInt64] = [0, 1, 1 << 24, 1 << 63]
        #expect(Set(numbers.map { Picture(format, number: $0, minimumBytes: 0).bytes }).count == 4)
        #expect(Set(numbers.map { Picture(format, number: $0).tag }).count == 4)
    }

    @Test(arguments: Picture.Format.allCases, [0, 255, 256, 600, 65_533, 65_534, 200_000])
    func `a picture is padded to the size asked for`(format: Picture.Format, size: Int) {
        let count = Picture(format, number: 7, minimumBytes: size).bytes.count
        // GIF has one byte more for each 255.
        #expect((size...(size + 700 + size / 255)).contains(count))
    }

    @Test func `checksums match the published examples`() {
        #expect(Checksum.crc32("123456789".utf8) == 0xCBF4_3926)
        #expect(Checksum.adler32("Wikipedia".utf8) == 0x11E6_0398)
        #expect(Checksum.adler32(repeatElement(255, count: 10_000)) == 3055807275)
    }

    @Test(arguments: [0, 1, 2, 255, 256, 100_003])
    func `the checksum of zeros needs no zeros`(count: Int) {
        let zeros = repeatElement(0 as UInt8, count: count)
        #expect(Checksum.crc32(zeros: count) == Checksum.crc32(zeros))
    }

    @Test(arguments: [
        (0, 1_161_266_512 as UInt32), (1, 3_530_535_782), (258, 3_032_625_305),
        (259, 1_106_740_460),
        (1_000_000, 2_381_279_629),
    ])
    func `a bomb has the bytes that gunzip took`(count: Int, crc: UInt32) {
        #expect(Checksum.crc32(Deflate.gzip(zeros: count)) == crc)
    }
}
