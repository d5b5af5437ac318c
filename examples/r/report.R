# Reads a table and a file of Synapse, and stores a report about them, with the command `synapse` and its --json.
#
#     Rscript report.R PROJECT FILE TABLE
#
# Needs the package jsonlite, and a login: `synapse login --remember-me`, or the variable SYNAPSE_AUTH_TOKEN.

library(jsonlite)

# Runs `synapse` and returns its result. Its error has been printed when this script stops.
synapse <- function(...) {
  output <- suppressWarnings(system2("synapse", shQuote(c(..., "--json")), stdout = TRUE))
  status <- attr(output, "status")
  if (!is.null(status)) stop("synapse ended with status ", status, call. = FALSE)
  # Synapse writes UTF-8. A whole number above 2^53 becomes text, because R would round it.
  fromJSON(enc2utf8(`Encoding<-`(paste(output, collapse = "\n"), "UTF-8")), bigint_as_char = TRUE)
}

ids <- commandArgs(trailingOnly = TRUE)
if (length(ids) != 3) stop("usage: Rscript report.R PROJECT FILE TABLE", call. = FALSE)
project <- ids[1]
file <- ids[2]
table <- ids[3]

# The rows of a query as a data frame: from JSON, or for many rows from a CSV file, which needs less memory.
rows <- synapse("query", paste("select * from", table))
cat("JSON:", nrow(rows), "rows,", paste(names(rows), collapse = ", "), "\n")

csv <- tempfile(fileext = ".csv")
invisible(synapse("query", paste("select * from", table), "--output", csv))
same <- read.csv(csv, check.names = FALSE, encoding = "UTF-8")
cat("CSV:", nrow(same), "rows\n")

# A file. The result says where it is.
got <- synapse("get", file, "--download-location", tempdir())
text <- readLines(got$path, encoding = "UTF-8", warn = FALSE)
cat("File:", got$name, "version", got$versionNumber, "has", length(text), "lines\n")

# Its annotations are lists of values.
annotations <- synapse("show", file)$annotations
cat("Tissue:", annotations$tissue, "\n")

# A file to Synapse, with annotations and with what it was made from.
report <- file.path(tempdir(), "report.csv")
write.csv(rows, report, row.names = FALSE, fileEncoding = "UTF-8")
stored <- synapse(
  "store", report,
  "--parent-id", project,
  "--annotations", toJSON(list(kind = "report", rows = nrow(rows)), auto_unbox = TRUE),
  "--used", table, "--used", file
)
cat("Stored:", stored$name, "version", stored$versionNumber, "as", stored$id, "\n")
