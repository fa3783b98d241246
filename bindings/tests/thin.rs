//! Holds the face thin, whole and safe, by reading its sources.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]

use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// Files that are more than a face: threads, listeners, cancelling, the shell's parts, the platform's doors.
const PLUMBING: [&str; 5] = ["cancel.rs", "clock.rs", "error.rs", "listen.rs", "work.rs"];
/// A function that only hands over has no more statements than this.
const MOST_STATEMENTS: usize = 4;
/// All that a face needs.
const NEEDED: [&str; 10] = [
    "haigou-contract",
    "haigou-motion",
    "haigou-phone",
    "haigou-route",
    "haigou-wearable",
    "thiserror",
    "tokio",
    "tracing",
    "uniffi",
    "uuid",
];

/// What shells have no use for: bands without a radio, and its pace, are for tests; an export goes into a file.
const NOT_FOR_SHELLS: [&str; 4] = ["add_band", "band_host", "export_data", "start_radio_at"];

fn sources(folder: &str) -> Vec<(PathBuf, syn::File)> {
    fn collect(folder: &Path, found: &mut Vec<(PathBuf, syn::File)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, syn::parse_file(&text).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    assert!(found.len() > 5, "{folder} has sources");
    found
}

/// Every word of the sources, macros' arguments included.
fn words() -> Vec<String> {
    fn flatten(tokens: proc_macro2::TokenStream, words: &mut Vec<String>) {
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Group(group) => flatten(group.stream(), words),
                proc_macro2::TokenTree::Ident(word) => words.push(word.to_string()),
                _ => {}
            }
        }
    }
    let mut words = Vec::new();
    for (path, _) in sources("src") {
        let text = std::fs::read_to_string(path).unwrap();
        flatten(text.parse().unwrap(), &mut words);
    }
    words
}

#[test]
fn no_unsafe_code_is_written_here() {
    assert!(!words().iter().any(|word| word == "unsafe"));
}

#[test]
fn nothing_is_decided_here() {
    struct Decisions(Vec<String>);
    impl<'a> Visit<'a> for Decisions {
        fn visit_expr_if(&mut self, _: &'a syn::ExprIf) {
            self.0.push("an `if`".to_owned());
        }
        fn visit_expr_match(&mut self, _: &'a syn::ExprMatch) {
            self.0.push("a `match`".to_owned());
        }
        fn visit_expr_loop(&mut self, _: &'a syn::ExprLoop) {
            self.0.push("a `loop`".to_owned());
        }
        fn visit_expr_while(&mut self, _: &'a syn::ExprWhile) {
            self.0.push("a `while`".to_owned());
        }
        fn visit_expr_for_loop(&mut self, _: &'a syn::ExprForLoop) {
            self.0.push("a `for`".to_owned());
        }
        fn visit_expr_binary(&mut self, _: &'a syn::ExprBinary) {
            self.0.push("a calculation or comparison".to_owned());
        }
        fn visit_block(&mut self, block: &'a syn::Block) {
            if block.stmts.len() > MOST_STATEMENTS {
                self.0.push(format!("{} statements", block.stmts.len()));
            }
            visit::visit_block(self, block);
        }
        fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
            // A kind of ours for each kind of the core: that is a `match`, and no decision.
            let from = item.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
            if from.is_none_or(|segment| segment.ident != "From") {
                visit::visit_item_impl(self, item);
            }
        }
    }
    for (path, file) in sources("src") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !PLUMBING.contains(&name.as_str()) {
            let mut decisions = Decisions(Vec::new());
            // Opening is more than handing over.
            decisions.visit_file(&file);
            if name == "phone.rs" {
                decisions.0.retain(|decision| !decision.ends_with("statements"));
            }
            assert_eq!(decisions.0, Vec::<String>::new(), "in {}", path.display());
        }
    }
}

#[test]
fn it_stands_on_the_phone_core_alone() {
    let text = include_str!("../Cargo.toml");
    let (_, after) = text.split_once("\n[dependencies]\n").unwrap();
    let own = after.split("\n[").next().unwrap().lines();
    let names: Vec<&str> = own
        .filter_map(|line| line.split(['.', ' ']).next())
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(names, NEEDED);
}

#[test]
fn everything_that_the_phone_can_do_has_a_face() {
    struct Methods(Vec<String>);
    impl<'a> Visit<'a> for Methods {
        fn visit_item_impl(&mut self, item: &'a syn::ItemImpl) {
            let phone = matches!(&*item.self_ty, syn::Type::Path(ty) if ty.path.is_ident("Phone"));
            for part in item.items.iter().filter(|_| phone && item.trait_.is_none()) {
                if let syn::ImplItem::Fn(method) = part
                    && matches!(method.vis, syn::Visibility::Public(_))
                {
                    self.0.push(method.sig.ident.to_string());
                }
            }
        }
    }
    let mut methods = Methods(Vec::new());
    for (_, file) in sources("../core/phone/src") {
        methods.visit_file(&file);
    }
    assert!(methods.0.len() >= 40, "{:?}", methods.0);
    let words = words();
    let missing: Vec<_> = methods
        .0
        .iter()
        .filter(|name| !words.contains(name) && !NOT_FOR_SHELLS.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "without a face: {missing:?}");
}

#[test]
fn everything_that_a_screen_shows_has_a_face() {
    let words = words();
    let mut missing = Vec::new();
    let mut fields = 0;
    for (_, file) in sources("../core/phone/src/screens") {
        for item in file.items {
            let syn::Item::Struct(shown) = item else { continue };
            let public = |vis: &syn::Visibility| matches!(vis, syn::Visibility::Public(_));
            for field in shown
                .fields
                .iter()
                .filter(|field| public(&field.vis) && public(&shown.vis))
            {
                let Some(name) = &field.ident else { continue };
                fields += 1;
                if !words.contains(&name.to_string()) {
                    missing.push(format!("{}.{name}", shown.ident));
                }
            }
        }
    }
    assert!(fields >= 60, "{fields} fields");
    assert!(missing.is_empty(), "without a face: {missing:?}");
}
