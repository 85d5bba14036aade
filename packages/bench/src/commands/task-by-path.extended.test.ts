// In workers too.
import './task-by-path.test.js'
