// A phone that walks, as a process that can really be killed: `walker FOLDER WALL_MS`. After each second of the walk that it
// has heard it says how much of it is over, until it is killed.
import Foundation
import HaigouTesting
import Haigou

let folder = URL(fileURLWithPath: CommandLine.arguments[1])
let clock = HandClock(wallMs: Int64(CommandLine.arguments[2])!)
let phone = try Phone.open(
    options: options(folder: folder, server: nowhere), clock: clock, keys: FolderKeys(folder: folder.appendingPathComponent("keys")))
_ = try phone.startActivity(kind: .walk)
var stroll = Stroll()
while true {
    clock.advance(ms: 1_000)
    try phone.feedSamples(samples: stroll.samples(ms: 1_000))
    phone.tick()
    FileHandle.standardOutput.write(Data("\(stroll.ms)\n".utf8))
    // Time to be killed in.
    usleep(2_000)
}
