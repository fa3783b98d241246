import Foundation
import Haigou

/// What a phone is opened with in tests.
public func options(folder: URL, server: String, language: Language = .english) -> PhoneOptions {
    PhoneOptions(
        dir: folder.path, serverUrl: server, language: language, deviceName: "A phone of the tests", platform: .other)
}

/// Nobody listens there.
public let nowhere = "http://127.0.0.1:1"
