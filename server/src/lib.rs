//! The server: what members ask of it over HTTP, as commands to the desk and reads of the store.

mod app;
pub mod members;
pub mod web;

pub use app::{AppState, Parts, router};
pub use web::describe::openapi;
