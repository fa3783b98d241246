import Foundation
import Synchronization

/// Something that listens, but isn't our server: it says nothing, or what a hotel's network says.
final class Answering: Sendable {
    let url: String
    private let listening: Int32
    private let state = Mutex((asked: 0, open: [Int32]()))

    /// With `nothing`, connections stay open and unanswered until it is closed.
    init(nothing: Bool) throws {
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listening, address, length) == 0 && listen(listening, 16) == 0
                    && getsockname(listening, address, &length) == 0
            }
        }
        guard bound else { throw Failure("no port: errno \(errno)") }
        self.listening = listening
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread { [weak self] in
            while case let connection = accept(listening, nil, nil), connection >= 0 {
                var question = [UInt8](repeating: 0, count: 4096)
                _ = read(connection, &question, question.count)
                if nothing {
                    self?.state.withLock { $0.open.append(connection) }
                } else {
                    let page = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhotel"
                    _ = write(connection, page, page.utf8.count)
                    Glibc.close(connection)
                }
                self?.state.withLock { $0.asked += 1 }
            }
        }
    }

    deinit {
        close()
    }

    /// So many questions have come.
    var asked: Int {
        state.withLock { $0.asked }
    }

    /// Hangs up on everybody.
    func close() {
        shutdown(listening, Int32(SHUT_RDWR))
        let open = state.withLock { state in
            defer { state.open = [] }
            return state.open
        }
        open.forEach { Glibc.close($0) }
    }
}
