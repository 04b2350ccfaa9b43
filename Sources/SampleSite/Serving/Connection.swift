internal import FlyingSocks
import Foundation

extension SampleSite {
    /// One client's connection: reads requests and does what the site says for each.
    struct Connection: Sendable {
        /// How much is written in one go; so much may be counted as sent too late.
        private static let pieceBytes = 65_536

        private let socket: AsyncSocket
        private let pool: Pool
        private let site: SampleSite

        init(_ socket: AsyncSocket, pool: Pool, site: SampleSite) {
            self.socket = socket
            self.pool = pool
            self.site = site
        }

        /// Answers until one of both sides closes the connection.
        func run() async {
            do {
                try socket.prepareForAnswers()
                site.noteConnection()
                if try await answerRequests() == .reset { try socket.resetOnClose() }
            } catch {
                // The client has gone, or the site is closing: it is the same for this connection.
            }
            try? socket.close()
        }

        private func answerRequests() async throws -> Script.Ending {
            var reader = RequestReader(socket)
            while true {
                guard let request = try await reader.next() else {
                    try await send(Response(status: 400).message)
                    return .close
                }
                let ending = try await answer(request)
                guard ending == .stayOpen, request.keepsAlive else { return ending }
            }
        }

        private func answer(_ request: Request) async throws -> Script.Ending {
            let number = site.begin(request)
            defer { site.end(number) }
            if site.isHeld(request.target) {
                try await whileConnected { try await site.waitForRelease(of: request.target) }
            }
            let script = site.script(for: request, number: number)
            for (index, step) in script.steps.enumerated() {
                let isLast = index == script.steps.count - 1
                try await perform(step, beforeLastPiece: { if isLast { site.end(number) } })
            }
            return script.ending
        }

        private func perform(_ step: Script.Step, beforeLastPiece: () -> Void) async throws {
            switch step {
            case .send(let bytes): try await send(bytes, beforeLastPiece: beforeLastPiece)
            case .wait(let duration): try await whileConnected { try await site.sleep(duration) }
            case .sendZeros:
                let zeros = [UInt8](repeating: 0, count: Self.pieceBytes)
                while true {
                    try await send(zeros)
                    // A fast reader must not keep the others' connections waiting.
                    await Task.yield()
                }
            }
        }

        private func send(
            _ bytes: [UInt8],
            beforeLastPiece: () -> Void = {}
        ) async throws {
            for piece in bytes.pieces(of: Self.pieceBytes) {
                try Task.checkCancellation()
                if piece.endIndex == bytes.endIndex { beforeLastPiece() }
                try await socket.write(Data(piece))
                site.noteSent(piece.count)
            }
        }

        /// Waits for something, but not longer than the client does.
        private func whileConnected(_ wait: @escaping @Sendable () async throws -> Void)
            async throws
        {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await wait()
                    return true
                }
                group.addTask {
                    try await pool.suspendSocket(socket.socket, untilReadyFor: .read)
                    // A client that sends its next request already has not gone.
                    if socket.isHungUp() { throw SocketError.disconnected }
                    return false
                }
                while let isOver = try await group.next(), !isOver {}
                group.cancelAll()
            }
        }
    }
}
