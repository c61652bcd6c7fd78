/** How programs say that somebody else of the pod has the port that they want. */
export const TAKEN =
  /address (?:is )?already in use|EADDRINUSE|Errno::EADDRINUSE|connection in use: \(|port \S{1,20} (?:was |is )?already (?:in use|allocated)|only one usage of each socket address/i;
