import Foundation
import Haigou
import HaigouTesting
import Synchronization
import XCTest

/// What the app brings may fail, with errors that the core knows and with others: the core says so, and lives on.
final class ShellTests: XCTestCase {
    func testAKeyStoreThatThrows() async throws {
        for error in [KeyStoreError.Failed(reason: "locked") as Error, Failure("nothing that the core knows")] {
            let keys = BrokenKeys(error: error)
            let options = options(folder: try temporaryFolder(), server: nowhere)
            let told = await thrown { try Phone.open(options: options, clock: HandClock(wallMs: nowMs()), keys: keys) }
            XCTAssertEqual(told?.code(), "key_store")
            guard case .Storage = told else { return XCTFail("\(String(describing: told))") }
        }
    }

    func testAClockThatThrows() async throws {
        for error in [ClockError.Failed(reason: "stopped") as Error, Failure("nothing that the core knows")] {
            let keys = FolderKeys(folder: try temporaryFolder())
            let clock = FragileClock(error: error)
            let options = options(folder: try temporaryFolder(), server: nowhere)
            clock.breaks()
            let told = await thrown { try Phone.open(options: options, clock: clock, keys: keys) }
            XCTAssertEqual(told?.code(), "clock")

            // Once it has worked, the core goes on without it.
            clock.works()
            let phone = try Phone.open(options: options, clock: clock, keys: keys)
            clock.breaks()
            _ = try phone.startActivity(kind: .walk)
            XCTAssertEqual(phone.live().state, .running)
            try phone.discard()
        }
    }

    func testTheSystemsClocks() throws {
        let clock = SystemClock()
        let (wall, mono) = (try clock.wallMs(), try clock.monoMs())
        XCTAssertEqual(Double(wall), Double(nowMs()), accuracy: 1_000)
        usleep(3_000)
        XCTAssertGreaterThanOrEqual(try clock.monoMs(), mono + 2)
        XCTAssertEqual(try clock.bootId(), try SystemClock().bootId())
        XCTAssertNotNil(UUID(uuidString: try clock.bootId()))
    }
}

private final class BrokenKeys: KeyStore, Sendable {
    private let error: Error

    init(error: Error) {
        self.error = error
    }

    func load(name: String) throws -> Data? { throw error }
    func save(name: String, secret: Data) throws { throw error }
    func remove(name: String) throws { throw error }
}

private final class FragileClock: Clock, Sendable {
    private let system = SystemClock()
    private let error: Error
    private let broken = Mutex(false)

    init(error: Error) {
        self.error = error
    }

    func breaks() { broken.withLock { $0 = true } }
    func works() { broken.withLock { $0 = false } }

    private func check() throws {
        if broken.withLock({ $0 }) { throw error }
    }

    func wallMs() throws -> Int64 { try check(); return try system.wallMs() }
    func monoMs() throws -> Int64 { try check(); return try system.monoMs() }
    func bootId() throws -> String { try check(); return try system.bootId() }
}
