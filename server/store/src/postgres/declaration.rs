//! How PostgreSQL reads the text of a migration.

const ONLY_HERE: &str = "-- PostgreSQL:";

/// A migration as PostgreSQL takes it: an `INTEGER` has 64 bits, `BLOB` is its type of bytes, texts are ordered by
/// their bytes as they are in SQLite, and every table is `WITHOUT ROWID`. A line behind `-- PostgreSQL:` is for it alone.
pub(crate) fn declaration(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    for line in sql.lines() {
        let line = line.strip_prefix(ONLY_HERE).unwrap_or(line);
        let declares = line.split("--").next().unwrap_or_default();
        let words = declares.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for word in words {
            let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let (_, after) = word.split_at(name.len());
            out.push_str(match name {
                "INTEGER" => "BIGINT",
                "BLOB" => "BYTEA",
                "TEXT" => "TEXT COLLATE \"C\"",
                "WITHOUT" | "ROWID" => "",
                name => name,
            });
            out.push_str(after);
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::declaration;

    #[test]
    fn types_are_translated_and_names_are_not() {
        let sql = "CREATE TABLE t ( -- TEXT here\n text TEXT NOT NULL, n INTEGER,\n b BLOB, PRIMARY KEY (n)\n) WITHOUT ROWID;";
        let read = "CREATE TABLE t ( \n text TEXT COLLATE \"C\" NOT NULL, n BIGINT,\n b BYTEA, PRIMARY KEY (n)\n)  ;\n";
        assert_eq!(declaration(sql), read);
    }

    #[test]
    fn a_line_may_be_for_postgresql_alone() {
        let sql = "-- PostgreSQL: ALTER TABLE t SET (fillfactor = 50); -- room\n-- PostgreSQL is a word\n";
        assert_eq!(declaration(sql), " ALTER TABLE t SET (fillfactor = 50); \n\n");
    }
}
