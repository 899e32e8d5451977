package main

import "time"

// clock takes the times between its laps, in milliseconds.
type clock struct {
	last time.Time
	laps map[string]float64
}

func startClock() *clock { return &clock{time.Now(), map[string]float64{}} }

func (c *clock) lap(name string) {
	now := time.Now()
	c.laps[name] = float64(now.Sub(c.last).Microseconds()) / 1000
	c.last = now
}
