import Foundation
import Haigou
import HaigouTesting
import Synchronization
import XCTest

/// Why a test can't go on.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What comes within a minute; a test fails rather than waits for ever.
func soon<Answer: Sendable>(_ what: String, _ work: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
    let (answers, tell) = AsyncThrowingStream.makeStream(of: Answer.self)
    let working = Task {
        do { tell.yield(try await work()) } catch { tell.finish(throwing: error) }
    }
    let late = Task {
        try await Task.sleep(for: .seconds(60))
        tell.finish(throwing: Failure("\(what) didn't come within a minute"))
    }
    defer {
        working.cancel()
        late.cancel()
    }
    for try await answer in answers { return answer }
    throw Failure("\(what) never came")
}

/// The first screen that is so.
func first<Screen: Sendable>(
    _ what: String, of screens: AsyncStream<Screen>, where isSo: @escaping @Sendable (Screen) -> Bool
) async throws -> Screen {
    try await soon(what) {
        for await screen in screens where isSo(screen) { return screen }
        throw Failure("the screens ended")
    }
}

/// Comes true, by what other threads do.
func becomesTrue(_ what: String, _ isSo: @escaping @Sendable () -> Bool) async throws {
    try await soon(what) {
        while !isSo() { try await Task.sleep(for: .milliseconds(2)) }
    }
}

/// A new folder. The system's folder for such is gone with the tests.
func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("haigou-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

/// Opens a phone once the one before it is gone: its tasks let go of it when they are next looked at.
func open(_ options: PhoneOptions, _ clock: Clock, _ keys: KeyStore) async throws -> Phone {
    try await soon("the store") {
        while true {
            do {
                return try Phone.open(options: options, clock: clock, keys: keys)
            } catch let error as PhoneError where error.code() == "store_locked" {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }
}

/// The error that something throws.
func thrown<Answer>(_ work: () async throws -> Answer, line: UInt = #line) async -> PhoneError? {
    do {
        _ = try await work()
        XCTFail("it threw nothing", line: line)
    } catch let error as PhoneError {
        return error
    } catch {
        XCTFail("it threw \(error)", line: line)
    }
    return nil
}

/// Milliseconds since the Unix epoch.
func nowMs() -> Int64 {
    Int64(Date().timeIntervalSince1970 * 1000)
}
