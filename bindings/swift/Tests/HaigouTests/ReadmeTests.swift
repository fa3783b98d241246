import Haigou
import HaigouTesting
import Readme
import XCTest

/// The example of README.md does what it says.
final class ReadmeTests: XCTestCase {
    func testTheExampleSignsInWalksAndSyncs() async throws {
        let server = try await Server()
        let folder = try temporaryFolder()
        var stroll = Stroll()
        let counted = try await firstWalk(
            options(folder: folder, server: server.url), FolderKeys(folder: folder.appendingPathComponent("keys")),
            stroll.samples(ms: 60_000)
        ) {
            (try? await server.code(for: "+8613800138000")) ?? ""
        }
        XCTAssertNotNil(counted)
    }
}
