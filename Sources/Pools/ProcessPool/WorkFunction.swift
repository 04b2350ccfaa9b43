/// A function that worker processes can do: a closure cannot cross from process to process, a name can.
///
/// Keep it in a constant that the pool's side and the worker's side of the program share:
///
///     let square = WorkFunction("square") { (number: Int) in number * number }
///
/// Its argument and value travel as bytes, so they must be `Codable`; of byte buffers, `[UInt8]`
/// travels best.
public struct WorkFunction<Argument: Codable & Sendable, Output: Codable & Sendable>: Sendable {
    /// What the function is called between the processes.
    public let name: String
    let body: @Sendable (Argument) throws -> Output

    /// A function and its name.
    ///
    /// - Parameters:
    ///   - name: Unique among the functions of a worker.
    ///   - body: What it does, in the worker, where no other call runs at the same time.
    public init(_ name: String, _ body: @escaping @Sendable (Argument) throws -> Output) {
        self.name = name
        self.body = body
    }
}
