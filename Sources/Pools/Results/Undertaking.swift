/// What a begun call consists of, for those who wait for it and for those who want it stopped.
protocol Undertaking: AnyObject, Sendable {
    /// Does on the calling thread what of it has not begun; returns when the rest runs elsewhere.
    func help()
    /// Ends what has not begun, and as far as possible what has.
    func stop()
}
