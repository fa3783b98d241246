@_exported import HaigouCore

/// Screens as sequences: what a screen shows now, then what it shows whenever it has changed. A loop that is slow gets the
/// newest. The core's listener ends with the loop and with the loop's task, as SwiftUI's `.task` ends it.
extension Phone {
    /// The activity under way.
    public func liveScreens() -> AsyncStream<LiveScreen> {
        screens { watchLive(listener: $0) }
    }

    /// Today's steps, ladder and tasks.
    public func todayScreens() -> AsyncStream<TodayScreen> {
        screens { watchToday(listener: $0) }
    }

    /// What was walked and run.
    public func recordsScreens() -> AsyncStream<RecordsScreen> {
        screens { watchRecords(listener: $0) }
    }

    /// What the member owns, and why.
    public func walletScreens() -> AsyncStream<WalletScreen> {
        screens { watchWallet(listener: $0) }
    }

    /// Account, sync, storage, notices.
    public func statusScreens() -> AsyncStream<StatusScreen> {
        screens { watchStatus(listener: $0) }
    }
}

private func screens<Screen: Sendable>(_ watch: (Relay<Screen>) -> Subscription) -> AsyncStream<Screen> {
    let (stream, continuation) = AsyncStream.makeStream(of: Screen.self, bufferingPolicy: .bufferingNewest(1))
    let subscription = watch(Relay(continuation))
    continuation.onTermination = { _ in subscription.cancel() }
    return stream
}

/// A listener that hands on what it hears.
private final class Relay<Screen: Sendable>: Sendable {
    private let continuation: AsyncStream<Screen>.Continuation

    init(_ continuation: AsyncStream<Screen>.Continuation) {
        self.continuation = continuation
    }

    func onChange(screen: Screen) throws {
        continuation.yield(screen)
    }
}

extension Relay: LiveListener where Screen == LiveScreen {}
extension Relay: TodayListener where Screen == TodayScreen {}
extension Relay: RecordsListener where Screen == RecordsScreen {}
extension Relay: WalletListener where Screen == WalletScreen {}
extension Relay: StatusListener where Screen == StatusScreen {}
