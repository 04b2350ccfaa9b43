import Testing

@testable import Extraction

struct SourceSetTests {
    @Test(
        arguments: [
            ("a.jpg 300w, b.jpg 900w,c.jpg 600w", "b.jpg"),
            ("a.jpg, b.jpg 2x, c.jpg 1.5x", "b.jpg"),
            ("a.jpg 1x, b.jpg 1x", "a.jpg"), ("a.jpg", "a.jpg"), (" , a.jpg,, ", "a.jpg"),
            ("a.jpg 10w 20h, b.jpg 5w", "a.jpg"),
            ("w_1,h_2/a.jpg 1x, w_2,h_4/b.jpg 2x", "w_2,h_4/b.jpg"),
            ("a.jpg 3q, b.jpg 1w", "b.jpg"), ("a.jpg -1w, b.jpg", "b.jpg"), ("a.jpg nanx", nil),
            ("", nil), (" , ", nil), ("a.jpg (1,2) 3x, b.jpg", "b.jpg"),
            ("a.jpg\t2x\n,b.jpg 3x", "b.jpg"),
            ("data:image/gif;base64,AA== 1x, b.jpg 2x", "b.jpg"),
            ("a.jpg 1e3w, b.jpg 999w", "a.jpg"),
        ] as [(String, String?)]
    )
    func `the largest candidate is taken`(text: String, address: String?) {
        #expect(SourceSet.largest(of: text) == address)
    }
}
