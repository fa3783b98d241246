#if canImport(Security)
    import Foundation
    import HaigouCore
    import Security

    /// Secrets in Apple's Keychain. They stay on this device, and can be read once it was unlocked after its start: syncing
    /// goes on behind a locked screen.
    public final class Keychain: KeyStore, Sendable {
        private let service: String

        /// Keeps them under this name, for example the app's bundle identifier.
        public init(service: String) {
            self.service = service
        }

        public func load(name: String) throws -> Data? {
            var wanted = query(name)
            wanted[kSecReturnData] = true
            var found: CFTypeRef?
            let status = SecItemCopyMatching(wanted as CFDictionary, &found)
            if status == errSecItemNotFound {
                return nil
            }
            try check(status)
            return found as? Data
        }

        public func save(name: String, secret: Data) throws {
            let values: [CFString: Any] = [
                kSecValueData: secret,
                kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
            ]
            let status = SecItemUpdate(query(name) as CFDictionary, values as CFDictionary)
            if status == errSecItemNotFound {
                let item = query(name).merging(values) { _, new in new }
                try check(SecItemAdd(item as CFDictionary, nil))
            } else {
                try check(status)
            }
        }

        public func remove(name: String) throws {
            let status = SecItemDelete(query(name) as CFDictionary)
            if status != errSecItemNotFound {
                try check(status)
            }
        }

        private func query(_ name: String) -> [CFString: Any] {
            [kSecClass: kSecClassGenericPassword, kSecAttrService: service, kSecAttrAccount: name]
        }

        private func check(_ status: OSStatus) throws {
            guard status == errSecSuccess else {
                throw KeyStoreError.Failed(reason: "OSStatus \(status)")
            }
        }
    }
#endif
