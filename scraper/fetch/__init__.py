"""Getting pages: politely, within limits, and only from the site itself.

`client` drives one exchange after another, `robots` says what may be asked for, `throttle`, `turns`
and `pause` when, `retry` how often, `identity` who is asking. Below them `exchange` sends a request
and reads its answer, `body` no more of it than it should, `head` mends odd headers; `transport`
knows proxies and certificates, and `network` keeps out of private networks. This is the only
package that knows httpx.
"""
