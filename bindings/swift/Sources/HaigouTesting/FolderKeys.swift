import Foundation
import Haigou

/// Keeps each secret in a file, as long as the folder is there.
public final class FolderKeys: KeyStore, Sendable {
    private let folder: URL

    public init(folder: URL) {
        self.folder = folder
    }

    public func load(name: String) throws -> Data? {
        let file = folder.appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: file.path) ? try Data(contentsOf: file) : nil
    }

    public func save(name: String, secret: Data) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try secret.write(to: folder.appendingPathComponent(name), options: .atomic)
    }

    public func remove(name: String) throws {
        let file = folder.appendingPathComponent(name)
        if FileManager.default.fileExists(atPath: file.path) {
            try FileManager.default.removeItem(at: file)
        }
    }
}
