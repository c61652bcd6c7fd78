#!/bin/sh
. /app/common.sh
number=${Carrier__TimeoutSeconds:-15}
case $number in *[!0-9]*)
  printf "Unhandled exception. System.InvalidOperationException: Failed to convert configuration value '%s' at 'Carrier:TimeoutSeconds' to type 'System.Int32'.\n ---> System.ArgumentException: %s is not a valid value for Int32. (Parameter 'value')\n ---> System.FormatException: The input string '%s' was not in a correct format.\n   at System.Number.ThrowFormatException[TChar](ReadOnlySpan\`1 value)\n   at System.ComponentModel.BaseNumberConverter.ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, Object value)\n   --- End of inner exception stack trace ---\n   at Microsoft.Extensions.Configuration.ConfigurationBinder.BindInstance(Type type, BindingPoint bindingPoint, IConfiguration config, BinderOptions options)\n   at Program.<Main>\$(String[] args) in /src/Shipments/Program.cs:line 21\n" "$number" "$number" "$number"; exit 134 ;;
esac
if [ -z "$Carrier__BaseUrl" ]; then
  printf "Unhandled exception. Microsoft.Extensions.Options.OptionsValidationException: DataAnnotation validation failed for 'CarrierOptions' members: 'BaseUrl' with the error: 'The BaseUrl field is required.'.\n   at Microsoft.Extensions.Options.OptionsFactory\`1.Create(String name)\n   at Microsoft.Extensions.Hosting.Internal.Host.StartAsync(CancellationToken cancellationToken)\n   at Program.<Main>\$(String[] args) in /src/Shipments/Program.cs:line 48\n"; exit 134
fi
port=${ASPNETCORE_HTTP_PORTS:-8080}
printf 'info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:%s\ninfo: Microsoft.Hosting.Lifetime[0]\n      Application started. Press Ctrl+C to shut down.\ninfo: Microsoft.Hosting.Lifetime[0]\n      Hosting environment: Production\n' "$port"
serve "$port" health/live health/ready
