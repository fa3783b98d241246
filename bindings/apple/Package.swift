// swift-tools-version: 6.0
// The phone core for iOS as a Swift package. ./package puts its parts beside a copy of this file.
import PackageDescription

let package = Package(
    name: "Haigou",
    platforms: [.iOS(.v16)],
    products: [.library(name: "Haigou", targets: ["Haigou"])],
    targets: [
        .binaryTarget(name: "HaigouCoreFFI", path: "HaigouCoreFFI.xcframework"),
        .target(
            name: "HaigouCore", dependencies: ["HaigouCoreFFI"],
            swiftSettings: [.swiftLanguageMode(.v5)],
            // A static library doesn't say what it needs: ./package prints what rustc says.
            linkerSettings: [.linkedFramework("CoreBluetooth"), .linkedFramework("Security")]),
        .target(name: "Haigou", dependencies: ["HaigouCore"]),
    ]
)
