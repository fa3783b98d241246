//! `haigou`: the server and the operator's tool.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
