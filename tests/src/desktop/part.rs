//! Which part of the screen is meant: said by what stays the same about it, looked for anew each time it is wanted.
//!
//! A screen draws itself again whenever records change, so nothing found on it is ever held: a part is a description,
//! and [`Laptop`](super::Laptop) looks for it and acts on it in one breath. Never said by its place among others.

use std::fmt::{self, Display};

use serde_json::{Value, json};

/// A part of the screen: a test id or a role, the words in it, and the parts it stands in.
#[derive(Debug, Clone)]
pub struct Part {
    /// From the outermost in.
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
struct Step {
    /// What it is called, for whoever reads why a test failed.
    told: String,
    /// What `find.js` looks for.
    wanted: Value,
}

impl Part {
    /// What has exactly this `data-testid`.
    #[must_use]
    pub fn id(id: &str) -> Self {
        Self::only(id.to_owned(), json!({ "id": id }))
    }

    /// What can be seen, has this role, and has these words in its name.
    #[must_use]
    pub fn role(role: &str, name: &str) -> Self {
        Self::only(format!("{role} “{name}”"), json!({ "role": role, "name": name }))
    }

    /// What this selector finds: for what has neither test id nor role.
    #[must_use]
    pub fn css(selector: &str) -> Self {
        Self::only(selector.to_owned(), json!({ "selector": selector }))
    }

    /// Only where these words stand in it, or in its name.
    #[must_use]
    pub fn saying(self, words: &str) -> Self {
        self.narrowed("words", words)
    }

    /// Only where one of its lines is this one.
    #[must_use]
    pub fn with_line(self, line: &str) -> Self {
        self.narrowed("line", line)
    }

    /// Another part, inside this one.
    #[must_use]
    pub fn inside(mut self, inner: impl Into<Self>) -> Self {
        self.steps.extend(inner.into().steps);
        self
    }

    fn only(told: String, wanted: Value) -> Self {
        Self { steps: vec![Step { told, wanted }] }
    }

    fn narrowed(mut self, by: &str, words: &str) -> Self {
        if let Some(Step { told, wanted: Value::Object(wanted) }) = self.steps.last_mut() {
            told.push_str(&format!(" with “{words}”"));
            wanted.insert(by.to_owned(), json!(words));
        }
        self
    }

    pub(super) fn steps(&self) -> Value {
        self.steps.iter().map(|step| step.wanted.clone()).collect()
    }
}

/// A test id is the usual way to say which part is meant.
impl From<&str> for Part {
    fn from(id: &str) -> Self {
        Self::id(id)
    }
}

impl From<&String> for Part {
    fn from(id: &String) -> Self {
        Self::id(id)
    }
}

impl From<&Self> for Part {
    fn from(part: &Self) -> Self {
        part.clone()
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<&str> = self.steps.iter().rev().map(|step| step.told.as_str()).collect();
        f.write_str(&told.join(" in "))
    }
}
