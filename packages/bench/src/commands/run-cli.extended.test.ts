// Every signal, and the results of several processes.
import './run-cli.test.js'
