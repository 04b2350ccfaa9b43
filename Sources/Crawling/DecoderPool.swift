import CrawlModel
package import Decoding
import Pools
package import Storage

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Worker processes that open pictures, so that one that breaks its decoder costs a worker and no more.
package struct DecoderPool: Sendable {
    /// How a picture's bytes are decoded in a worker.
    package typealias Decode = @Sendable ([UInt8]) throws -> PictureDecoder.Verdict

    /// What a worker may use for a picture.
    package struct Limits: Sendable {
        /// Memory of the process, in bytes; more is refused to it.
        package var memoryBytes: UInt64 = 2 << 30
        /// Time; after it the worker is ended.
        package var seconds: UInt32 = 60

        /// What suits pictures of 200 million pixels.
        package init() {}
    }

    /// What was found in some pictures.
    package struct Findings: Sendable {
        /// One for each picture that can't be decoded.
        package fileprivate(set) var violations: [Violation] = []
        /// Pictures that were decoded.
        package fileprivate(set) var decoded = 0
        /// Pictures in formats that the decoder does not read.
        package fileprivate(set) var notRead = 0
    }

    struct Job: Codable, Sendable {
        let folder: String
        let path: String
        let bytes: Int
        let memoryBytes: UInt64
        let seconds: UInt32
    }

    private let pool: ProcessPool
    private let folder: CrawlFolder
    private let limits: Limits

    /// Calls after which a worker makes room for a new one: what leaks in decoders stays small.
    private static let picturesPerWorker = 1000

    /// Gives a pool to `body`, and returns or throws only when its workers have ended.
    ///
    /// - Parameters:
    ///   - folder: The crawl folder whose pictures will be opened.
    ///   - workers: How many pictures are decoded at once.
    ///   - limits: What each may use.
    ///   - executable: The workers' program, whose `main` begins with `runWorkerIfAsked`; by default this one.
    ///   - body: What to do with the pool.
    /// - Returns: What `body` returns.
    /// - Throws: `PoolError`, or what `body` throws.
    package static func withPool<Value>(
        _ folder: CrawlFolder,
        workers: Int,
        limits: Limits = Limits(),
        executable: String? = nil,
        _ body: (DecoderPool) async throws -> Value
    ) async throws -> Value {
        let pool = try ProcessPool(
            workers: workers,
            executable: executable,
            maxTasksPerWorker: picturesPerWorker,
            name: "magpie.decode"
        )
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await body(DecoderPool(pool: pool, folder: folder, limits: limits))
            )
            pool.close()
        } catch {
            result = .failure(error)
            pool.terminate()
        }
        await pool.join()
        return try result.get()
    }

    /// In a process that was started to decode pictures, does so and never returns; in any other, returns at
    /// once.
    ///
    /// - Parameter decode: What is done with a picture's bytes; it may crash.
    package static func runWorkerIfAsked(_ decode: @escaping Decode = decodeByLibrary) {
        ProcessPool.runWorkerIfAsked(work(decode))
    }

    /// Decodes by libgd.
    ///
    /// - Throws: `DecoderMissing`.
    package static func decodeByLibrary(_ bytes: [UInt8]) throws -> PictureDecoder.Verdict {
        try PictureDecoder().decode(bytes)
    }

    /// Opens pictures whose files are what their rows say.
    ///
    /// - Parameter images: The pictures; all of them are submitted at once.
    /// - Returns: What was found.
    /// - Throws: `PoolError` if the workers can't work at all.
    package func check(_ images: [PublishedImage]) async throws -> Findings {
        var findings = Findings()
        let calls = images.map { pool.applyAsync(Self.work(Self.decodeByLibrary), job($0)) }
        for (image, call) in zip(images, calls) {
            do {
                switch try await verdict(of: call, image) {
                case .decoded: findings.decoded += 1
                case .notRead: findings.notRead += 1
                case .undecodable(let reason):
                    findings.violations.append(Violation(.undecodable, of: image, reason))
                }
            } catch PoolError.workerDied(let ending) {
                findings.violations.append(violation(of: image, ending))
            }
        }
        return findings
    }

    /// A picture is blamed for a crash only if it brings down a second worker: the first may have been broken
    /// by a picture before it.
    private func verdict(
        of call: ResultHandle<PictureDecoder.Verdict>,
        _ image: PublishedImage
    ) async throws -> PictureDecoder.Verdict {
        do {
            return try await call.value
        } catch PoolError.workerDied(let ending) where ending != .signal(SIGALRM) {
            return try await pool.apply(Self.work(Self.decodeByLibrary), job(image))
        }
    }

    private func violation(of image: PublishedImage, _ ending: WorkerEnding) -> Violation {
        ending == .signal(SIGALRM)
            ? Violation(.slowDecoding, of: image, "not decoded after \(limits.seconds) s")
            : Violation(.crashedDecoder, of: image, "the decoder is gone: \(ending)")
    }

    private func job(_ image: PublishedImage) -> Job {
        Job(
            folder: folder.path,
            path: image.path.description,
            bytes: image.bytes,
            memoryBytes: limits.memoryBytes,
            seconds: limits.seconds
        )
    }

    private static let isPrepared: Void = DecoderProcess.prepare()

    private static func work(
        _ decode: @escaping Decode
    ) -> WorkFunction<Job, PictureDecoder.Verdict> {
        WorkFunction("decode") { job in
            _ = isPrepared
            // Gone or changed a moment after it was compared with its digest: the next verification tells.
            guard UInt64(job.bytes) < job.memoryBytes / 4,
                let bytes = try PublishedFiles(CrawlFolder(job.folder))
                    .bytes(at: job.path, length: job.bytes)
            else { return .notRead }
            return try DecoderProcess.bounded(bytes: job.memoryBytes, seconds: job.seconds) {
                try decode(bytes)
            }
        }
    }
}
