import Foundation
import Haigou
import HaigouTesting
import XCTest

/// Ending what was asked for.
final class CancelTests: XCTestCase {
    func testWhatIsCancelledEndsWithItsCode() async throws {
        let silent = try Answering(nothing: true)
        let phone = try await Pocket(server: silent.url).phone
        let cancel = Cancel()
        let asking = Task { try await phone.askCode(phone: "+8613900000001", cancel: cancel) }
        try await becomesTrue("the question") { silent.asked > 0 }
        cancel.cancel()
        let error = try await soon("the end") { await thrown { try await asking.value } }
        XCTAssertEqual(error?.code(), "cancelled")
        XCTAssertEqual(error?.text(), "It was cancelled.")
        // It stays cancelled.
        let next = await thrown { try await phone.askCode(phone: "+8613900000001", cancel: cancel) }
        XCTAssertEqual(next?.code(), "cancelled")
    }

    func testATaskThatIsCancelledEndsWhatItAskedFor() async throws {
        let silent = try Answering(nothing: true)
        let phone = try await Pocket(server: silent.url).phone
        let asking = Task { try await cancelling { try await phone.askCode(phone: "+8613900000001", cancel: $0) } }
        try await becomesTrue("the question") { silent.asked > 0 }
        asking.cancel()
        let error = try await soon("the end") { await thrown { try await asking.value } }
        XCTAssertEqual(error?.code(), "cancelled")
    }

    /// UniFFI's Swift doesn't hand it on; should it do so one day, `cancelling` can go.
    func testCancellingATaskAloneDoesNotReachTheCore() async throws {
        let silent = try Answering(nothing: true)
        let phone = try await Pocket(server: silent.url).phone
        let asking = Task { try await phone.askCode(phone: "+8613900000001") }
        try await becomesTrue("the question") { silent.asked > 0 }
        asking.cancel()
        silent.close()
        let error = try await soon("the answer") { await thrown { try await asking.value } }
        XCTAssertEqual(error?.code(), "offline")
    }
}
