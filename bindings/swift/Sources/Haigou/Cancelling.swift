import HaigouCore

/// Does something that can be cancelled, and ends it when the task is cancelled: `Task.cancel()` alone doesn't reach the core.
///
/// ```swift
/// let report = try await cancelling { try await phone.syncNow(cancel: $0) }
/// ```
/// Cancelled, it throws a `PhoneError` with the code `cancelled`.
public func cancelling<Answer: Sendable>(
    _ work: @Sendable (Cancel) async throws -> Answer
) async rethrows -> Answer {
    let cancel = Cancel()
    return try await withTaskCancellationHandler {
        try await work(cancel)
    } onCancel: {
        cancel.cancel()
    }
}
