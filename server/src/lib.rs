//! The server: what members ask of it over HTTP, as commands to the desk and reads of the store.
