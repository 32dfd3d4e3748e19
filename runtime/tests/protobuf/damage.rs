//! Messages that are damaged, hostile or cut short: what is wrong is told with its place, and the rest is read.
