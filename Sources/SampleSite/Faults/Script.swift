extension SampleSite {
    /// What a connection does to answer one request: steps, and what becomes of it afterwards.
    struct Script: Sendable, Hashable {
        /// One step.
        enum Step: Sendable, Hashable {
            case send([UInt8])
            case wait(Duration)
            /// Zeros until the client hangs up.
            case sendZeros
        }

        /// What becomes of the connection.
        enum Ending: Sendable, Hashable {
            case stayOpen
            case close
            case reset
        }

        var steps: [Step]
        var ending: Ending = .stayOpen

        /// Sends these bytes.
        init(_ bytes: [UInt8], then ending: Ending = .stayOpen) {
            self.init([.send(bytes)], then: ending)
        }

        /// Does these steps.
        init(_ steps: [Step], then ending: Ending = .stayOpen) {
            self.steps = steps
            self.ending = ending
        }
    }
}
