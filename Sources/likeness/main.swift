import Imaging

if CommandLine.arguments.dropFirst().first == DecoderProcess.mode { DecoderProcess.serve() }
print("likeness")
