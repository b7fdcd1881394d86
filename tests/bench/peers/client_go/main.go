// The series of an exposition, served by Go's client library: main PORT FILE.
// FILE has HELP, TYPE and sample lines of gauges only.
package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var unescape = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n")

// `{a="b",c="d"} 1`: names and values of the labels, and the number.
func split(text string) (names, values []string, number float64, err error) {
	if strings.HasPrefix(text, "{") {
		for text[0] != '}' {
			text = text[1:] // { or ,
			equals := strings.Index(text, `="`)
			names = append(names, text[:equals])
			text = text[equals+2:]
			end := 0
			for text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			values = append(values, unescape.Replace(text[:end]))
			text = text[end+1:]
		}
		text = text[1:]
	}
	number, err = strconv.ParseFloat(text[1:], 64)
	return names, values, number, err
}

func read(path string, registry *prometheus.Registry) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var help, name string
	var family *prometheus.GaugeVec
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := lines.Text()
		if words := strings.SplitN(line, " ", 4); words[0] == "#" {
			if words[1] == "HELP" {
				help = words[3]
			} else {
				name, family = words[2], nil
			}
			continue
		}
		names, values, number, err := split(line[len(name):])
		if err != nil {
			return err
		}
		if family == nil {
			family = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, names)
			registry.MustRegister(family)
		}
		gauge, err := family.GetMetricWithLabelValues(values...)
		if err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
		gauge.Set(number)
	}
	return lines.Err()
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: main PORT FILE")
	}
	registry := prometheus.NewRegistry()
	if err := read(os.Args[2], registry); err != nil {
		log.Fatal(err)
	}
	debug.FreeOSMemory() // what reading took is not the peer's
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("Listening")
	http.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	log.Fatal(http.Serve(listener, nil))
}
