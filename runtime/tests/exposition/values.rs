//! What becomes of each kind of point.

use crate::support::{Endpoint, OPEN, TEXT, count, gauge, run};

#[test]
fn gauges_are_the_last_value_and_counts_the_sum_of_all() {
    let endpoint = Endpoint::default();
    endpoint.take([
        run([gauge("load.one", 1.5, &["core:0"]), count("requests", 3.0, &["path:/"])]),
        run([gauge("load.one", -0.25, &["core:0"]), count("requests", 4.0, &["path:/"])]),
    ]);
    assert_eq!(
        endpoint.text(TEXT),
        "# HELP load_one load.one\n\
         # TYPE load_one gauge\n\
         load_one{core=\"0\",host=\"web-1\"} -0.25\n\
         # HELP requests_total requests\n\
         # TYPE requests_total counter\n\
         requests_total{host=\"web-1\",path=\"/\"} 7\n"
    );
    assert_eq!(
        endpoint.text(OPEN),
        "# HELP load_one load.one\n\
         # TYPE load_one gauge\n\
         load_one{core=\"0\",host=\"web-1\"} -0.25\n\
         # HELP requests requests\n\
         # TYPE requests counter\n\
         requests_total{host=\"web-1\",path=\"/\"} 7\n\
         requests_created{host=\"web-1\",path=\"/\"} 1700000000.5\n\
         # EOF\n"
    );
}
