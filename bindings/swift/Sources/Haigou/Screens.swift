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

    /// Day, week, month and year, goal, streak and personal records.
    public func historyScreens() -> AsyncStream<HistoryScreen> {
        screens { watchHistory(listener: $0) }
    }

    /// The wristbands.
    public func bandsScreens() -> AsyncStream<BandsScreen> {
        screens { watchBands(listener: $0) }
    }

    /// What the member owns, and why.
    public func walletScreens() -> AsyncStream<WalletScreen> {
        screens { watchWallet(listener: $0) }
    }

    /// The statement, as its filter has chosen.
    public func statementScreens() -> AsyncStream<StatementScreen> {
        screens { watchStatement(listener: $0) }
    }

    /// The airdrop, day by day.
    public func airdropScreens() -> AsyncStream<AirdropScreen> {
        screens { watchAirdrop(listener: $0) }
    }

    /// The rules in plain words.
    public func rulesScreens() -> AsyncStream<RulesScreen> {
        screens { watchRules(listener: $0) }
    }

    /// The member: profile, tier, invitation, unread messages.
    public func meScreens() -> AsyncStream<MeScreen> {
        screens { watchMe(listener: $0) }
    }

    /// The team, the direct list and the next tier.
    public func teamScreens() -> AsyncStream<TeamScreen> {
        screens { watchTeam(listener: $0) }
    }

    /// The messages.
    public func messagesScreens() -> AsyncStream<MessagesScreen> {
        screens { watchMessages(listener: $0) }
    }

    /// The devices that the member signed in with.
    public func devicesScreens() -> AsyncStream<DevicesScreen> {
        screens { watchDevices(listener: $0) }
    }

    /// What the member agreed to.
    public func consentsScreens() -> AsyncStream<ConsentsScreen> {
        screens { watchConsents(listener: $0) }
    }

    /// The settings.
    public func settingsScreens() -> AsyncStream<Settings> {
        screens { watchSettings(listener: $0) }
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
extension Relay: HistoryListener where Screen == HistoryScreen {}
extension Relay: BandsListener where Screen == BandsScreen {}
extension Relay: WalletListener where Screen == WalletScreen {}
extension Relay: StatementListener where Screen == StatementScreen {}
extension Relay: AirdropListener where Screen == AirdropScreen {}
extension Relay: RulesListener where Screen == RulesScreen {}
extension Relay: MeListener where Screen == MeScreen {}
extension Relay: TeamListener where Screen == TeamScreen {}
extension Relay: MessagesListener where Screen == MessagesScreen {}
extension Relay: DevicesListener where Screen == DevicesScreen {}
extension Relay: ConsentsListener where Screen == ConsentsScreen {}
extension Relay: SettingsListener where Screen == Settings {}
extension Relay: StatusListener where Screen == StatusScreen {}
