// swift-tools-version: 6.0
// The phone core for Swift, as it is built and tested on Linux by ./test. For Apple's systems see ../apple.
import PackageDescription

let package = Package(
    name: "Haigou",
    products: [.library(name: "Haigou", targets: ["Haigou"])],
    targets: [
        // Written by uniffi-bindgen-swift: a C header, and the Swift over it, which Swift 6 would refuse.
        .systemLibrary(name: "HaigouCoreFFI"),
        .target(
            name: "HaigouCore", dependencies: ["HaigouCoreFFI"],
            swiftSettings: [.swiftLanguageMode(.v5)], linkerSettings: [.linkedLibrary("haigou_bindings")]),
        // What Swift expects besides: screens as sequences, cancellation of tasks, clocks, the keychain.
        .target(name: "Haigou", dependencies: ["HaigouCore"]),
        // The example of README.md, taken from there by ./test.
        .target(name: "Readme", dependencies: ["Haigou", "HaigouCore"]),
        .target(name: "HaigouTesting", dependencies: ["Haigou", "HaigouCore"]),
        .executableTarget(name: "walker", dependencies: ["Haigou", "HaigouCore", "HaigouTesting"]),
        .testTarget(name: "HaigouTests", dependencies: ["Haigou", "HaigouCore", "HaigouTesting", "Readme", "walker"]),
    ]
)
