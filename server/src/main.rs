//! `haigou`: the server and the operator's tool.

fn main() {}
