import type { RequestHandler } from 'express'
import { Gauge, Histogram, type Registry } from 'prom-client'
import { routeOf } from './context.ts'

/**
 * Measures every request by method, route and status. Routes are patterns, so that the number of series has a bound.
 * @param registry takes the metrics `fairlead_http_request_seconds` and `fairlead_http_requests_in_flight`; once for each registry.
 */
export function requestMetrics(registry: Registry): RequestHandler {
  const seconds = new Histogram({
    name: 'fairlead_http_request_seconds',
    help: 'Time from the request line to the end of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  })
  const inFlight = new Gauge({
    name: 'fairlead_http_requests_in_flight',
    help: 'Requests without an answer yet',
    registers: [registry],
  })
  return (req, res, next) => {
    const stop = seconds.startTimer({ method: req.method })
    inFlight.inc()
    res.once('close', () => {
      inFlight.dec()
      stop({ route: routeOf(res), status: res.statusCode })
    })
    next()
  }
}

/** Shows how many streams of events are open. */
export const gaugeStreams = (registry: Registry, count: () => number): void => {
  new Gauge({
    name: 'fairlead_http_streams',
    help: 'Open streams of events',
    registers: [registry],
    collect() {
      this.set(count())
    },
  })
}

/** The registry in the Prometheus text format. */
export const serveMetrics =
  (registry: Registry): RequestHandler =>
  async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics())
  }
