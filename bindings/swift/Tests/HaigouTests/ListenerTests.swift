import Foundation
import Haigou
import HaigouTesting
import XCTest

/// What listeners hear, and when they don't.
final class ListenerTests: XCTestCase {
    func testTheFirstValueComesAtOnceThenEachChange() async throws {
        let pocket = try await Pocket()
        let hearing = Hearing()
        let subscription = pocket.phone.watchLive(listener: hearing)
        try await becomesTrue("the first value") { hearing.states == [.idle] }
        _ = try pocket.phone.startActivity(kind: .run)
        try await becomesTrue("the start") { hearing.states.last == .running }
        try pocket.phone.pause()
        try await becomesTrue("the pause") { hearing.states.last == .paused }
        try pocket.phone.discard()
        try await becomesTrue("the end") { hearing.states.last == .idle }
        XCTAssertEqual(hearing.all.screens.dropFirst().first?.activity?.kind, .run)
        subscription.cancel()
    }

    func testNothingIsHeardAfterCancelling() async throws {
        let pocket = try await Pocket()
        let (cancelled, dropped, witness) = (Hearing(), Hearing(), Hearing())
        let subscription = pocket.phone.watchLive(listener: cancelled)
        var held: Subscription? = pocket.phone.watchLive(listener: dropped)
        let watching = pocket.phone.watchLive(listener: witness)
        try await becomesTrue("the first values") { [cancelled, dropped, witness].allSatisfy { $0.states == [.idle] } }
        XCTAssertNotNil(held)
        subscription.cancel()
        held = nil
        for _ in 0..<20 {
            let before = witness.states.count
            _ = try pocket.phone.startActivity(kind: .walk)
            try pocket.phone.discard()
            try await becomesTrue("what the witness hears") { witness.states.count > before && witness.states.last == .idle }
        }
        XCTAssertEqual(cancelled.states, [.idle])
        XCTAssertEqual(dropped.states, [.idle])
        watching.cancel()
    }

    func testCallsComeOneAtATimeOnThreadsOfTheCore() async throws {
        let pocket = try await Pocket()
        let hearing = Hearing()
        let subscription = pocket.phone.watchLive(listener: hearing)
        for _ in 0..<50 {
            _ = try pocket.phone.startActivity(kind: .walk)
            try pocket.phone.discard()
        }
        try await becomesTrue("the end") { hearing.states.last == .idle && hearing.states.count > 1 }
        XCTAssertEqual(hearing.all.mostAtOnce, 1)
        XCTAssertTrue(hearing.all.threads.allSatisfy { $0.hasPrefix("haigou") }, "\(hearing.all.threads)")
        XCTAssertFalse(threadName().hasPrefix("haigou"))
        subscription.cancel()
    }

    /// It may call the phone, too: no lock of the core is held meanwhile.
    func testASlowListenerMissesWhatWasOvertakenAndHoldsUpNobody() async throws {
        let pocket = try await Pocket()
        let phone = pocket.phone
        let (goesOn, go) = (DispatchSemaphore(value: 0), Counter())
        let slow = Hearing(then: { _ in
            go.add()
            goesOn.wait()
            phone.tick()
            _ = try phone.body()
        })
        let witness = Hearing()
        let slowly = phone.watchLive(listener: slow)
        let watching = phone.watchLive(listener: witness)
        try await becomesTrue("the first call") { go.count == 1 }
        for _ in 0..<20 {
            let before = witness.states.count
            _ = try phone.startActivity(kind: .walk)
            try phone.discard()
            try await becomesTrue("what the witness hears") { witness.states.count > before && witness.states.last == .idle }
        }
        _ = try phone.startActivity(kind: .run)
        for _ in 0..<10 { goesOn.signal() }
        try await becomesTrue("the newest") { slow.states.last == .running }
        XCTAssertLessThan(slow.states.count, 5)
        slowly.cancel()
        watching.cancel()
    }

    func testAListenerThatThrowsHearsTheNextChangeAllTheSame() async throws {
        let pocket = try await Pocket()
        let throwing = Hearing(then: { _ in throw ListenerError.Failed(reason: "on purpose") })
        let failing = Hearing(then: { _ in throw Failure("nothing that the core knows") })
        let subscriptions = [throwing, failing].map { pocket.phone.watchLive(listener: $0) }
        try await becomesTrue("the first values") { [throwing, failing].allSatisfy { $0.states == [.idle] } }
        _ = try pocket.phone.startActivity(kind: .walk)
        try await becomesTrue("the change") { [throwing, failing].allSatisfy { $0.states.last == .running } }
        subscriptions.forEach { $0.cancel() }
    }

    func testEveryScreenHasASequence() async throws {
        let phone = try await Pocket().phone
        _ = try await first("live", of: phone.liveScreens()) { $0.state == .idle }
        _ = try await first("today", of: phone.todayScreens()) { !$0.day.isEmpty }
        _ = try await first("records", of: phone.recordsScreens()) { $0.records.isEmpty }
        _ = try await first("history", of: phone.historyScreens()) { $0 == phone.history() }
        _ = try await first("bands", of: phone.bandsScreens()) { $0 == phone.bands() }
        _ = try await first("wallet", of: phone.walletScreens()) { $0.wallet == nil }
        _ = try await first("statement", of: phone.statementScreens()) { $0 == phone.statementScreen() }
        _ = try await first("airdrop", of: phone.airdropScreens()) { $0 == phone.airdrop() }
        _ = try await first("rules", of: phone.rulesScreens()) { $0 == phone.rules() }
        _ = try await first("me", of: phone.meScreens()) { $0 == phone.me() }
        _ = try await first("team", of: phone.teamScreens()) { $0 == phone.team() }
        _ = try await first("messages", of: phone.messagesScreens()) { $0 == phone.messages() }
        _ = try await first("devices", of: phone.devicesScreens()) { $0 == phone.devicesScreen() }
        _ = try await first("consents", of: phone.consentsScreens()) { $0 == phone.consentsScreen() }
        _ = try await first("settings", of: phone.settingsScreens()) { $0 == phone.settings() }
        _ = try await first("status", of: phone.statusScreens()) { $0.account == .signedOut }
    }

    /// As SwiftUI ends it when a screen goes away.
    func testASequenceEndsWithItsTask() async throws {
        let phone = try await Pocket().phone
        let heard = Counter()
        let task = Task {
            for await _ in phone.liveScreens() { heard.add() }
        }
        try await becomesTrue("the first value") { heard.count == 1 }
        task.cancel()
        try await soon("the end") { await task.value }
    }
}
