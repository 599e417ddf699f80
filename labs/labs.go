// Package labs is hands-on work: lab definitions, a learner's runs, and checks that grade behaviour.
package labs
