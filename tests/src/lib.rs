//! What the tests of the whole are made with: the real window driven as a person would drive it.

pub mod desktop;
