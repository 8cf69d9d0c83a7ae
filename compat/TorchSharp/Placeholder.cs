namespace TorchSharp; public static class torch { }
