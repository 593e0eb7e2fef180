/** Message of the log line for a request with a wrong access token; a metric counts such lines by their `address`. */
export const ACCESS_REFUSED = 'access refused';
