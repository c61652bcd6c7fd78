#!/bin/sh
. /app/common.sh
if [ -z "$ConnectionStrings__Orders" ]; then
  printf 'Unhandled exception. System.InvalidOperationException: The ConnectionString property has not been initialized. Configure '"'ConnectionStrings__Orders'"'.\n   at Acme.Invoicing.Startup.ConfigureServices(IServiceCollection services) in /src/Startup.cs:line 38\n   at Program.<Main>$(String[] args) in /src/Program.cs:line 9\n'; exit 134
fi
printf 'info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:8080\ninfo: Microsoft.Hosting.Lifetime[0]\n      Application started. Press Ctrl+C to shut down.\n'
serve 8080 healthz
